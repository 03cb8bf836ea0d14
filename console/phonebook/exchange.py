"""The phonebook out of Excel and vCard files and into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import vobject
from aiohttp import web

from console.audit.notes import noted
from console.customer_import.contacts import HEADS
from console.customer_import.guess import PHONES
from console.customer_import.opening import first_rows
from console.customer_import.reading import OLE, ZIP
from console.lists.export import Sheet, Values, at_once, exported
from console.lists.model import in_words
from console.phonebook.columns import COLUMNS, LIST
from console.phonebook.forms import ListQuery
from console.phonebook.listing import fitting
from console.web.context import Context
from console.web.i18n import msgid
from console.web.uploads import uploaded
from pbxd.errors import InvalidInput
from pbxd.phonebook.model import Entry

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 50 * 2**20  # bytes of its rows as texts
MOST_ROWS = 20_000
SHOWN_WRONG = 20
_UNREADABLE = InvalidInput(
    "book-unreadable", "This is no Excel (.xlsx) or vCard (.vcf) file.", field="file"
)
_NOT_OURS = {"file-damaged", "file-kind", "file-coding"}


async def export(context: Context) -> web.StreamResponse:
    """What one sees, as Excel or vCard."""
    query = context.query(ListQuery)
    _, entries = fitting(context, query)
    display = context.services.daemon.plan.display
    if query.file == "vcf":
        await noted(context, "phonebook.export", "", None, len(entries))
        body = "".join(_card(entry, display(entry.number)) for entry in entries).encode()
        return _file(body, "text/vcard", "phonebook.vcf")
    values: Values[Entry] = {
        "name": lambda entry: entry.name,
        "number": lambda entry: display(entry.number),
        "group": lambda entry: entry.group,
        "speed": lambda entry: entry.speed,
        "memo": lambda entry: entry.memo,
    }
    sheet = Sheet(LIST, msgid("Phonebook"), COLUMNS, values)
    return await exported(context, sheet, at_once(entries), query.link(cursor="", edit=""))


async def read_in(context: Context) -> web.StreamResponse:
    """Add what a file holds to everybody's: all of it or, when anything is wrong, nothing."""
    none = InvalidInput("book-empty", "Choose an Excel (.xlsx) or vCard (.vcf) file.", field="file")
    big = InvalidInput("book-big", "This file is too big.", field="file")
    entries: list[Entry] = []
    added, wrong = 0, list[InvalidInput]()
    try:
        data = await uploaded(context.request, MOST_BYTES, missing=none, big=big)
        entries = await _entries(context, data)
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


async def _entries(context: Context, data: bytes) -> list[Entry]:
    """What a file says. Raises InvalidInput."""
    try:
        rows = await first_rows(data, MOST_UNPACKED)
    except InvalidInput as refusal:
        raise _UNREADABLE if refusal.id in _NOT_OURS else refusal from None
    cards = rows[:1] == [[*HEADS]]
    if not cards and not data.startswith((ZIP, OLE)):
        raise _UNREADABLE
    if len(rows) > MOST_ROWS + 1:
        raise InvalidInput("book-long", "At most 20,000 rows.", field="file")
    if cards:
        return [entry for row in rows[1:] for entry in _of_contact(row)]
    places = _places(context, rows[0] if rows else ())
    return [_of_row(row, places) for row in rows[1:] if any(row)]


def _of_row(row: Sequence[str], places: Sequence[int]) -> Entry:
    """Name, number, group, speed dial, memo, each at its place."""
    said = [row[place] if 0 <= place < len(row) else "" for place in places]
    name, number, group, speed, memo = said
    return Entry("", "", name, _whole(number), group, _whole(speed), memo)


def _of_contact(row: list[str]) -> Iterator[Entry]:
    """Once for each of its numbers."""
    said = dict(zip_longest(HEADS, row, fillvalue=""))
    for kind in PHONES:
        for number in filter(None, said[kind].split(", ")):
            yield Entry("", "", said["name"], number, said["company"][:20], "", said["memo"])


def _places(context: Context, heads: Sequence[str]) -> list[int]:
    """Where each of `COLUMNS` stands, -1 nowhere: a file of ours has those that somebody chose."""
    labels = [one.label for one in in_words(COLUMNS, context.language)]
    found = [heads.index(label) if label in heads else -1 for label in labels]
    return found if -1 not in found[:2] else list(range(len(COLUMNS)))


def _whole(cell: str) -> str:
    """Excel keeps 1012345678.0 where somebody typed a number without its first zero."""
    text = cell.removesuffix(".0").strip()
    return f"0{text}" if text.isdecimal() and text[0] == "1" and len(text) in (9, 10) else text


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
