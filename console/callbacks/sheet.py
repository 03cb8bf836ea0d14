"""Each tab of the things to do as a file: all of one shape."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiohttp import web

from console.callbacks.columns import LIST, offered
from console.callbacks.forms import ListQuery, Tab
from console.callbacks.rows import Row, callbacks_of, cases_of, known, missed_of
from console.consultations.section import Shown
from console.lists.export import Sheet, Value, Values, exported, paged, stamp
from console.lists.sorting import STEP
from console.web.context import Context
from console.web.i18n import msgid
from pbxd.callbacks.statement import Missed
from pbxd.store.paging import Page

TITLES = {
    Tab.CALLBACKS: msgid("Callbacks"),
    Tab.UNFINISHED: msgid("Unfinished consultations"),
    Tab.RECALLS: msgid("Promised calls"),
    Tab.MISSED: msgid("Missed calls"),
    Tab.DONE: msgid("Callbacks that are done"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who is to be called, or was; by column."""

    asked: str
    customer: str
    number: str
    why: str
    due: str
    whose: str
    note: str
    last: str = ""
    tries: str | int = ""


async def export(context: Context) -> web.StreamResponse:
    """What the tab shows, all of it, as Excel."""
    query = context.query(ListQuery)
    columns = offered(done=query.tab is Tab.DONE)
    values: Values[Line] = {one.word: _value(one.word) for one in columns}
    sheet = Sheet(LIST, TITLES[query.tab], columns, values)
    return await exported(context, sheet, _lines(context, query), query.link(cursor=""))


def _value(word: str) -> Value[Line]:
    def said(line: Line) -> str | int:
        value: str | int = getattr(line, word)
        return value

    return said


async def _lines(context: Context, query: ListQuery) -> AsyncIterator[Sequence[Line]]:
    async def missed(cursor: str) -> Page[Missed]:
        return (await missed_of(context, query, cursor, 5 * STEP))[1]

    async def cases(cursor: str) -> Page[Shown]:
        return (await cases_of(context, query, cursor, 5 * STEP))[1]

    async def callbacks(cursor: str) -> Page[Row]:
        return (await callbacks_of(context, query, cursor, 5 * STEP))[1]

    async for some in paged(missed):
        yield [await _missed(context, one) for one in some]
    async for agreed in paged(cases):
        yield [_case(context, one) for one in agreed]
    async for rows in paged(callbacks):
        yield [_callback(context, row) for row in rows]


def _callback(context: Context, row: Row) -> Line:
    item, text = row.item, context.language.text
    sources = context.words("callbacks/words.html", "sources")
    endings = context.words("callbacks/words.html", "endings")
    ended = endings[item.ending.value] if item.ending is not None else ""
    return Line(
        stamp(context, item.asked_at),
        row.name,
        context.services.daemon.plan.display(item.number),
        " ".join(filter(None, (sources[item.source.value], row.line))),
        stamp(context, item.due_at) if item.open else f"{ended} {stamp(context, item.closed_at)}",
        row.owner or text("everybody"),
        item.note,
        stamp(context, item.last_at),
        item.tries,
    )


def _case(context: Context, shown: Shown) -> Line:
    case, display = shown.case, context.services.daemon.plan.display
    return Line(
        stamp(context, case.at),
        shown.name,
        display(shown.phones[0].number) if shown.phones else "",
        " · ".join([context.language.text("Consultation"), *(one.name for one in shown.types)]),
        stamp(context, case.recall_at),
        shown.by,
        "\n".join(one.part.text for one in shown.parts),
    )


async def _missed(context: Context, one: Missed) -> Line:
    who = await known(context, one.number)
    return Line(
        stamp(context, one.at),
        who.name if who is not None else "",
        context.services.daemon.plan.display(one.number),
        context.words("calls/words.html", "outcomes")[one.outcome],
        "",
        "",
        "",
    )
