"""The whole log: who saw, changed, merged, deleted customers' data and who took them along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import Field

from console.audit import queries
from console.audit.queries import Note, Wanted
from console.belongings.queries import owners
from console.customer_history.columns import COLUMNS, LIST
from console.customer_history.statement import ORDERS
from console.customer_history.views import Change, change_of
from console.customer_history.words import KINDS, LOG, count_of
from console.lists.export import Sheet, Values, exported, paged, stamp
from console.lists.forms import SortedQuery
from console.web.context import Context
from console.web.days import OptionalDay, end_of, start_of
from console.web.i18n import msgid
from pbxd.store.paging import PAGE, Page
from pbxd.store.sorting import By

PATH = "/settings/history"


class LogQuery(SortedQuery):
    """Which lines; days are the office's."""

    since: OptionalDay = None
    until: OptionalDay = None
    by: Annotated[str, Field(max_length=26)] = ""
    kind: Annotated[str, Field(max_length=10)] = ""

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """As the log takes it."""
        return Wanted(
            KINDS[self.kind].what if self.kind in KINDS else LOG.keys(),
            self.by,
            start_of(self.since, zone) if self.since else None,
            end_of(self.until, zone) if self.until else None,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: whose data ("" nobody's in particular), and how many."""

    change: Change
    customer_id: str
    name: str
    count: int | None


async def page(context: Context) -> web.StreamResponse:
    """Newest first, or in another order."""
    query, daemon = context.query(LogQuery), context.services.daemon
    wanted = query.wanted(daemon.settings.office.zone)
    async with daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))
    found = await _lines(context, wanted, order.by, query.cursor)
    return context.render(
        "customer_history/log.html",
        wanted=query,
        page=found,
        order=order,
        link=lambda sort: f"{PATH}?{query.link(sort=sort, cursor='')}",
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        kinds=KINDS,
        users=context.services.users.all(),
    )


async def export(context: Context) -> web.StreamResponse:
    """All that fits, as Excel; it says too that it was taken along."""
    query, daemon = context.query(LogQuery), context.services.daemon
    wanted = query.wanted(daemon.settings.office.zone)
    async with daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))

    async def fetch(cursor: str) -> Page[Line]:
        return await _lines(context, wanted, order.by, cursor, order.step)

    sheet = Sheet(LIST, msgid("Log of customers' data"), COLUMNS, _values(context))
    return await exported(context, sheet, paged(fetch), query.link(cursor=""))


async def _lines(
    context: Context, wanted: Wanted, by: By, cursor: str, size: int = PAGE
) -> Page[Line]:
    async with context.services.daemon.store.reading() as conn:
        found = await queries.listed(conn, wanted, cursor, size, by)
        whose = await owners(conn, [note.thing_id for note in found.rows])
    known = await context.services.customers.several(
        {whose.get(note.thing_id, note.thing_id) for note in found.rows}
    )

    def line(note: Note) -> Line:
        customer = known.get(whose.get(note.thing_id, note.thing_id))
        id, name = (customer.id, customer.name) if customer is not None else ("", "")
        return Line(change_of(context, note), id, name, count_of(note))

    return Page(tuple(line(note) for note in found.rows), found.next, found.previous)


def _values(context: Context) -> Values[Line]:
    text = context.language.text
    return {
        "time": lambda line: stamp(context, line.change.at),
        "who": lambda line: line.change.who or text("the system"),
        "customer": lambda line: line.name,
        "what": lambda line: line.change.said,
        "count": lambda line: "" if line.count is None else line.count,
        "content": lambda line: "\n".join(
            f"{label}: {before} → {after}" if before else f"{label}: {after}"
            for label, before, after in line.change.fields
        ),
    }
