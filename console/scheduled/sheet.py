"""Scheduled calls as a file: what is to come, then what was."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from console.lists.export import Sheet, Values, exported, paged, stamp
from console.lists.forms import SortedQuery
from console.lists.sorting import STEP
from console.scheduled.columns import COLUMNS, LIST
from console.scheduled.rows import listed, names_of, whose
from console.web.context import Context
from console.web.i18n import msgid
from console.web.permissions import Action
from pbxd.scheduled import queries
from pbxd.scheduled.model import ScheduledCall
from pbxd.store.paging import Page

Named = tuple[ScheduledCall, str]  # and the customer's name


async def export(context: Context) -> web.StreamResponse:
    """All whose right reaches, as Excel."""
    query, agent_id = context.query(SortedQuery), whose(context, Action.EXPORT)
    sheet = Sheet(LIST, msgid("Scheduled calls"), COLUMNS, _values(context))
    return await exported(context, sheet, _rows(context, query, agent_id), query.link(cursor=""))


async def _rows(
    context: Context, query: SortedQuery, agent_id: str | None
) -> AsyncIterator[Sequence[Named]]:
    for done in (False, True):
        wanted = queries.Filter(done, agent_id)

        async def fetch(cursor: str, wanted: queries.Filter = wanted) -> Page[Named]:
            _, page = await listed(context, wanted, query.sort, cursor, STEP)
            names = await names_of(context, page.rows)
            return Page(
                tuple((one, names.get(one.customer_id, "")) for one in page.rows), page.next
            )

        async for rows in paged(fetch):
            yield rows


def _values(context: Context) -> Values[Named]:
    text, daemon = context.language.text, context.services.daemon
    states = context.words("scheduled/words.html", "states")
    agents = {one.id: one.name for one in daemon.agents.all()}
    return {
        "time": lambda row: stamp(context, row[0].due_at),
        "customer": lambda row: row[1],
        "number": lambda row: daemon.plan.display(row[0].number),
        "state": lambda row: states[row[0].state.value],
        "tries": lambda row: row[0].attempts,
        "reason": lambda row: text(row[0].reason) if row[0].reason else "",
        "agent": lambda row: agents.get(row[0].agent_id, ""),
        "note": lambda row: row[0].note,
    }
