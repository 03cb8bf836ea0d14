"""The phonebook out of Excel and vCard files and into them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import BadZipFile

import vobject
from aiohttp import web
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from console.audit.notes import noted
from console.phonebook.forms import ListQuery
from console.phonebook.views import fitting
from console.web.context import Context
from console.web.excel import Table
from console.web.uploads import uploaded
from pbxd.errors import InvalidInput
from pbxd.phonebook.model import Entry

MOST_BYTES = 10 * 2**20
MOST_ROWS = 20_000
SHOWN_WRONG = 20


async def export(context: Context) -> web.StreamResponse:
    """What one sees, as Excel or vCard."""
    query = context.query(ListQuery)
    entries = fitting(context, query)
    display = context.services.daemon.plan.display
    await noted(context, "phonebook.export", "", None, len(entries))
    if query.file == "vcf":
        body = "".join(_card(entry, display(entry.number)) for entry in entries).encode()
        return _file(body, "text/vcard", "phonebook.vcf")
    text = context.language.text
    heads = [text(t) for t in ("Name", "Number", "Group", "Speed dial", "Memo")]
    table = Table("phonebook", heads)
    for one in entries:
        table.add((one.name, display(one.number), one.group, one.speed, one.memo))
    return table.response()


async def read_in(context: Context) -> web.StreamResponse:
    """Add what a file holds to everybody's: all of it or, when anything is wrong, nothing."""
    none = InvalidInput("book-empty", "Choose an Excel (.xlsx) or vCard (.vcf) file.", field="file")
    big = InvalidInput("book-big", "This file is too big.", field="file")
    entries: list[Entry] = []
    added, wrong = 0, list[InvalidInput]()
    try:
        data = await uploaded(context.request, MOST_BYTES, missing=none, big=big)
        entries = list(_cards(data) if data.lstrip()[:5].upper() == b"BEGIN" else _rows(data))
        added, wrong = await context.services.daemon.phonebook.add_many(entries)
    except InvalidInput as refusal:
        wrong = [refusal]
    if added:
        await noted(context, "phonebook.import", "", None, added)
    said = [(one.details.get("row", 0), context.language.refusal(one)) for one in wrong]
    return context.render(
        "phonebook/imported.html",
        status=422 if wrong else 200,
        added=added,
        there=len(entries) - added,
        wrong=said[:SHOWN_WRONG],
        more=max(0, len(said) - SHOWN_WRONG),
    )


def _rows(data: bytes) -> Iterator[Entry]:
    """The first sheet without its head: name, number, group, speed dial, memo."""
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError, IndexError) as problem:
        raise InvalidInput(
            "book-unreadable", "This is no Excel (.xlsx) or vCard (.vcf) file.", field="file"
        ) from problem
    for place, row in enumerate(sheet.iter_rows(min_row=2, max_col=5, values_only=True), 1):
        if place > MOST_ROWS:
            raise InvalidInput("book-long", "At most 20,000 rows.", field="file")
        cells = [*("" if cell is None else str(cell) for cell in row), "", "", "", "", ""]
        if any(cell.strip() for cell in cells):
            name, number, group, speed, memo = cells[:5]
            yield Entry("", "", name, _whole(number), group, _whole(speed), memo)


def _whole(cell: str) -> str:
    """Excel keeps 1012345678.0 where somebody typed a number without its first zero."""
    text = cell.removesuffix(".0").strip()
    return f"0{text}" if text.isdecimal() and text[0] == "1" and len(text) in (9, 10) else text


def _cards(data: bytes) -> Iterator[Entry]:
    try:
        for card in vobject.readComponents(data.decode("utf-8-sig")):
            name = card.fn.value if "fn" in card.contents else ""
            group = card.org.value[0] if "org" in card.contents and card.org.value else ""
            memo = card.note.value if "note" in card.contents else ""
            for tel in card.contents.get("tel", []):
                yield Entry("", "", name, str(tel.value), group[:20], "", memo)
    except (UnicodeDecodeError, vobject.base.ParseError) as problem:
        raise InvalidInput(
            "book-unreadable", "This is no Excel (.xlsx) or vCard (.vcf) file.", field="file"
        ) from problem


def _card(entry: Entry, number: str) -> str:
    card = vobject.vCard()
    card.add("fn").value = entry.name
    card.add("n").value = vobject.vcard.Name(family=entry.name)
    tel = card.add("tel")
    tel.value, tel.type_param = number, "WORK"
    if entry.group:
        card.add("org").value = [entry.group]
    if entry.memo:
        card.add("note").value = entry.memo
    return str(card.serialize())


def _file(body: bytes, type: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=type, headers=headers)
