"""Scheduled calls as a file: what is to come, then what was."""

from __future__ import annotations

from aiohttp import web

from console.lists.export import Sheet, Values, at_once, exported, stamp
from console.lists.model import Column
from console.scheduled.views import whose
from console.web.context import Context
from console.web.i18n import msgid
from console.web.permissions import Action
from pbxd.scheduled import queries
from pbxd.scheduled.model import ScheduledCall

COLUMNS = (
    Column("time", msgid("Time")),
    Column("customer", msgid("Customer")),
    Column("number", msgid("Number")),
    Column("state", msgid("State")),
    Column("tries", msgid("Tries")),
    Column("reason", msgid("Reason")),
    Column("agent", msgid("Agent")),
    Column("note", msgid("Note")),
)
MOST = 100_000


async def export(context: Context) -> web.StreamResponse:
    """All whose right reaches, as Excel."""
    agent_id = whose(context, Action.EXPORT)
    async with context.services.daemon.store.reading() as conn:
        coming = await queries.listed(conn, agent_id, done=False, size=MOST)
        past = await queries.listed(conn, agent_id, done=True, size=MOST)
    rows = (*coming, *past)
    names = await context.services.customers.names(sorted({one.customer_id for one in rows}))
    sheet = Sheet("scheduled", msgid("Scheduled calls"), COLUMNS, _values(context, names))
    return await exported(context, sheet, at_once(rows))


def _values(context: Context, names: dict[str, str]) -> Values[ScheduledCall]:
    text, daemon = context.language.text, context.services.daemon
    states = context.words("scheduled/words.html", "states")
    agents = {one.id: one.name for one in daemon.agents.all()}
    return {
        "time": lambda call: stamp(context, call.due_at),
        "customer": lambda call: names.get(call.customer_id, ""),
        "number": lambda call: daemon.plan.display(call.number),
        "state": lambda call: states[call.state.value],
        "tries": lambda call: call.attempts,
        "reason": lambda call: text(call.reason) if call.reason else "",
        "agent": lambda call: agents.get(call.agent_id, ""),
        "note": lambda call: call.note,
    }
