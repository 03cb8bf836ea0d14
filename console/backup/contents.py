"""What is in the file with all data, and what never is."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, MetaData
from sqlalchemy.types import TypeEngine

from console.backup.meanings import COLUMNS, COMMON, TABLES, _
from console.backup.workbook import Field, Kind, Sheet
from console.web.i18n import Language
from pbxd.store.types import UtcMs

SECRET = _("secret")
SOUND = _("sound")
FILE = _("content of a file")
PICTURE = _("picture")
DERIVED = _("made from other tables")
UNSAVED = _("not saved yet")

# A table, or one column of it ("table.column"), and why.
NEVER: dict[str, str] = {
    "users.password_hash": SECRET,
    "users.totp_secret": SECRET,
    "phonebook_devices.token_hash": SECRET,
    "sessions": SECRET,
    "login_failures": SECRET,  # people type their password where the name belongs
    "customers.national_id": SECRET,
    "customers.national_mark": SECRET,
    "customers.business_number": SECRET,
    "customers.business_mark": SECRET,
    "customer_further_numbers.token": SECRET,
    "customer_further_numbers.mark": SECRET,
    "customers.birth_solar": DERIVED,
    "customers.birth_month_day": DERIVED,
    "announcements.narrow": SOUND,
    "announcements.wide": SOUND,
    "notice_files.data": FILE,
    "recording_peaks": SOUND,
    "customer_images.thumb": PICTURE,
    "customer_images.picture": PICTURE,
    "search_docs": DERIVED,
    "drafts": UNSAVED,
}

_KINDS: dict[Kind, str] = {
    "text": _("text"),
    "number": _("number"),
    "flag": _("yes or no"),
    "time": _("date and time"),
    "day": _("date"),
}


def meaning(table: str, column: str) -> str:
    """What a column means, as a msgid; "" it is not in the file."""
    if table in NEVER or f"{table}.{column}" in NEVER or table not in TABLES:
        return ""
    return COLUMNS.get(f"{table}.{column}", COMMON.get(column, ""))


def sheets(metadata: MetaData, language: Language) -> list[Sheet]:
    """A sheet for each table: those that people know first, in the order of `TABLES`."""
    text = language.text
    return [
        Sheet(
            table=name,
            about=text(about),
            fields=[
                Field(
                    column=column.name,
                    kind=kind(column),
                    type=text(_KINDS[kind(column)]),
                    about=text(meaning(name, column.name)),
                )
                for column in metadata.tables[name].columns
                if meaning(name, column.name)
            ],
        )
        for name, about in TABLES.items()
        if name in metadata.tables
    ]


def left_out(language: Language) -> list[tuple[str, str]]:
    """What is not in the file, and why: said in it."""
    return [(name, language.text(why)) for name, why in NEVER.items()]


def kind(column: Column[object]) -> Kind:
    """How a value is written. Raises TypeError: it cannot be."""
    type: TypeEngine[object] = column.type
    match type:
        case UtcMs():
            return "time"
        case Boolean():
            return "flag"
        case Integer() | Float():
            return "number"
        case Date():
            return "day"
        case LargeBinary():
            raise TypeError(f"{column}: bytes cannot stand in a cell")
    return "text"
