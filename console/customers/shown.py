"""A customer's fields as a page shows them: with the office's labels and the codes' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from console.codes.model import Code
from console.customers import dates
from console.customers.dates import Anniversary, Calendar
from console.customers.model import Details, PhoneKind
from console.customers.personal import mask_of
from console.fields.model import GROUPS, SECTIONS, Field, Kind, Section
from console.web.context import Context
from console.web.i18n import BEFORE_ROC


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of one customer: `text` as people read it; `codes` with their colours."""

    field: Field
    label: str
    text: str
    codes: tuple[Code, ...] = ()

    def differs(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Do two versions (`Details.as_dict`) differ in this field?"""
        if self.field.own:
            values = (dict(version["custom"]).get(self.field.word, "") for version in (one, other))
            return len(set(values)) > 1
        return bool(one[self.field.word] != other[self.field.word])


class FormFields:
    """What the form is drawn with."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._fields = context.services.fields
        self.required = self._fields.required
        self.pages = [
            (word, label, fields) for word, label in GROUPS if (fields := self._fields.group(word))
        ]
        self.words = " ".join(
            (*(one.word for one in self._fields.used()), *(one.word for one in SECTIONS))
        )

    def label(self, field: Field) -> str:
        """What the office calls it."""
        return self._fields.label(field.word, self._context.language)

    def choices(self, field: Field) -> list[tuple[str, str]]:
        """(value, words) to choose from."""
        text = self._context.language.text
        if field.kind in (Kind.CODE, Kind.CODES):
            return [(one.id, one.name) for one in self._context.services.codes.of(field.codes)]
        return [(value, word if field.own else text(word)) for value, word in field.choices]

    def offered(self, field: Field) -> list[str]:
        """What a text field suggests (S3-32)."""
        if not field.codes:
            return []
        return [one.name for one in self._context.services.codes.of(field.codes)]

    def code_name(self, id: str) -> str:
        """Of a code that is not offered any more but that the customer has."""
        found = self._context.services.codes.get(id)
        return found.name if found is not None else ""


def shown_of(context: Context, details: Details) -> list[Shown]:
    """Every field that the office uses, empty ones too."""
    return [_shown(context, field, details) for field in context.services.fields.used()]


def groups_of(context: Context, details: Details) -> list[tuple[str, list[Shown]]]:
    """(group's label, its filled fields), as the customer's page shows them."""
    filled = [
        one
        for one in shown_of(context, details)
        if one.text
        and one.field.word not in ("name", "vip", "caution")
        and not (one.field.word == "postcode" and details.address)  # stands before the address
    ]
    groups = [(label, [one for one in filled if one.field.group == word]) for word, label in GROUPS]
    return [(label, rows) for label, rows in groups if rows]


def section(word: str) -> Section:
    """A repeating section, with its columns."""
    return next(one for one in SECTIONS if one.word == word)


def phone_kinds(context: Context) -> list[tuple[str, str]]:
    """(kind, words) of telephone numbers."""
    text = context.language.text
    return [
        (PhoneKind.MOBILE.value, text("Mobile")),
        (PhoneKind.HOME.value, text("Home")),
        (PhoneKind.WORK.value, text("Work")),
        (PhoneKind.FAX.value, text("Fax")),
        (PhoneKind.OTHER.value, text("Other")),
    ]


def _shown(context: Context, field: Field, details: Details) -> Shown:
    label = context.services.fields.label(field.word, context.language)
    if field.own:
        return Shown(field, label, own_text(context, field, dict(details.custom)))
    value: Any = getattr(details, field.word)
    if field.kind in (Kind.CODE, Kind.CODES):
        ids = (value,) if field.kind is Kind.CODE else value
        codes = tuple(one for id in ids if (one := context.services.codes.get(id)) is not None)
        return Shown(field, label, ", ".join(one.name for one in codes), codes)
    return Shown(field, label, _text(context, field, value))


def plain_text(context: Context, field: Field) -> Callable[[Details], str]:
    """How a spreadsheet has the field: as it can be read in again, no ages and next times."""
    if field.own:
        return lambda details: dict(details.custom).get(field.word, "")
    value_of = attrgetter(field.word)

    def said(details: Details) -> str:
        value = value_of(details)
        return _plain(context, field, value) if value else ""

    return said


def _plain(context: Context, field: Field, value: Any) -> str:
    match field.kind:
        case Kind.ANNIVERSARY:
            if value.calendar is Calendar.SOLAR:
                return str(value.written)
            leap = value.calendar is Calendar.LEAP
            text = context.language.text
            return f"{value.written} {text('lunar, leap month') if leap else text('lunar')}"
        case Kind.DATE:
            return str(value.isoformat())
        case Kind.CODE | Kind.CODES:
            ids = (value,) if field.kind is Kind.CODE else value
            codes = context.services.codes
            return ", ".join(one.name for id in ids if (one := codes.get(id)) is not None)
    return _text(context, field, value)


def own_text(context: Context, field: Field, custom: Mapping[str, str]) -> str:
    """An own field's value as people read it."""
    text = custom.get(field.word, "")
    if not text:
        return ""
    if field.kind is Kind.MONEY:
        return context.language.number(int(text))
    if field.kind is Kind.DATE:
        return context.language.written(text)
    return "✓" if field.kind is Kind.CHECK else text


def _text(context: Context, field: Field, value: Any) -> str:
    match field.kind:
        case Kind.CHECK:
            return "✓" if value else ""
        case Kind.SECRET:
            return mask_of(value)
        case Kind.DATE:
            return context.language.plain_date(value) if value else ""
        case Kind.CHOICE:
            return context.language.text(dict(field.choices).get(value, ""))
        case Kind.ANNIVERSARY:
            return anniversary_text(context, value) if value else ""
    return str(value)


def anniversary_text(context: Context, day: Anniversary) -> str:
    """`1980-03-05 (lunar), 46 years, next on 2027-04-11`."""
    text, plan = context.language.text, context.services.daemon.plan
    parts = [context.language.written(day.written)]
    if context.language.code == "zh_Hant" and not context.language.roc and day.year > BEFORE_ROC:
        parts.append(text("ROC {year}", year=day.year - BEFORE_ROC))
    if day.calendar is not Calendar.SOLAR:
        parts.append(text("lunar, leap month") if day.calendar is Calendar.LEAP else text("lunar"))
    now: datetime = context.services.daemon.clock()
    today = now.astimezone(context.services.daemon.settings.office.zone).date()
    born = dates.solar(day, plan.country)
    if born is not None and born <= today:
        parts.append(text("{years} years", years=dates.age(born, today)))
    if day.calendar is not Calendar.SOLAR:
        following = dates.following(day, today, plan.country)
        if following is not None:
            parts.append(text("next on {day}", day=context.language.plain_date(following)))
    return " · ".join(parts)
