"""The incidents of a month in the order that is asked for, and as Excel."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from console.abuse.columns import COLUMNS, LIST
from console.abuse.forms import MonthQuery
from console.abuse.months import bounds
from console.lists.export import Sheet, Value, at_once, exported, stamp
from console.lists.memory import in_order
from console.web.context import Context
from console.web.i18n import msgid
from pbxd.abuse import queries
from pbxd.abuse.model import Incident, Step

MOST = 100_000
STEPS = {Step.WARNED: msgid("Warned"), Step.BLOCKED: msgid("Ended")}


async def month_of(context: Context, first: date, sort: str) -> tuple[str, list[Incident]]:
    """By what they are sorted, and they."""
    since, until = bounds(first, context.services.daemon.settings.office.zone)
    async with context.services.daemon.store.reading() as conn:
        rows = await queries.between(conn, since, until, MOST)
    return in_order(rows, sort, await _values(context, rows), "-time")


async def export(context: Context) -> web.StreamResponse:
    """A month's incidents, as Excel."""
    query, daemon = context.query(MonthQuery), context.services.daemon
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    _, rows = await month_of(context, query.first_day(today), query.sort)
    sheet = Sheet(LIST, msgid("Abuse"), COLUMNS, await _values(context, rows))
    return await exported(context, sheet, at_once(rows), query.link(cursor=""))


async def _values(
    context: Context, rows: list[Incident] | tuple[Incident, ...]
) -> dict[str, Value[Incident]]:
    """What each column says: they are sorted by it too."""
    text, daemon = context.language.text, context.services.daemon
    said = context.words("abuse/names.html", "abuse_names")
    kinds = {one.word: one.name or said.get(one.word, one.word) for one in daemon.abuse.all_kinds}
    names = await context.services.customers.names(sorted({one.customer_id for one in rows} - {""}))
    agents = {agent.id: agent.name for agent in daemon.agents.all()}
    return {
        "time": lambda row: stamp(context, row.at),
        "kind": lambda row: kinds.get(row.kind, row.kind),
        "step": lambda row: text(STEPS[row.step]),
        "customer": lambda row: names.get(row.customer_id, ""),
        "number": lambda row: daemon.plan.display(row.number),
        "agent": lambda row: agents.get(row.agent_id, row.extension),
    }
