"""The incidents of a month in the order that is asked for, and as Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Month:
    """Its incidents, by what they are sorted, the customers' names, what each column says."""

    sort: str
    rows: list[Incident]
    names: Mapping[str, str]
    values: Mapping[str, Value[Incident]]


async def month_of(context: Context, first: date, sort: str) -> Month:
    """All that happened in the month that begins on this day."""
    since, until = bounds(first, context.services.daemon.settings.office.zone)
    async with context.services.daemon.store.reading() as conn:
        found = await queries.between(conn, since, until, MOST)
    ids = sorted({one.customer_id for one in found} - {""})
    names = await context.services.customers.names(ids)
    values = _values(context, names)
    return Month(*in_order(found, sort, values, "-time"), names, values)


async def export(context: Context) -> web.StreamResponse:
    """A month's incidents, as Excel."""
    query, daemon = context.query(MonthQuery), context.services.daemon
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    month = await month_of(context, query.first_day(today), query.sort)
    sheet = Sheet(LIST, msgid("Abuse"), COLUMNS, month.values)
    return await exported(context, sheet, at_once(month.rows), query.link(cursor=""))


def _values(context: Context, names: Mapping[str, str]) -> dict[str, Value[Incident]]:
    """What each column says: they are sorted by it too."""
    text, daemon = context.language.text, context.services.daemon
    said = context.words("abuse/names.html", "abuse_names")
    kinds = {one.word: one.name or said.get(one.word, one.word) for one in daemon.abuse.all_kinds}
    agents = {agent.id: agent.name for agent in daemon.agents.all()}
    return {
        "time": lambda row: stamp(context, row.at),
        "kind": lambda row: kinds.get(row.kind, row.kind),
        "step": lambda row: text(STEPS[row.step]),
        "customer": lambda row: names.get(row.customer_id, ""),
        "number": lambda row: daemon.plan.display(row.number),
        "agent": lambda row: agents.get(row.agent_id, row.extension),
    }
