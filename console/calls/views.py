"""The call log's screen (S4-25 … S4-28)."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from aiohttp import web

from console.calls.forms import SIGNS, LogQuery
from console.calls.rows import call_rows
from console.web.context import Context
from console.web.permissions import Action, Scope
from pbxd.calls import queries
from pbxd.calls.model import Direction
from pbxd.calls.queries import CallFilter, Match
from pbxd.calls.record import CallRecord
from pbxd.errors import InvalidInput
from pbxd.store.paging import Page

MOST_CUSTOMERS = 200  # of a name that fits many


async def log(context: Context) -> web.StreamResponse:
    """One page of the log; today unless other days are asked for."""
    query = context.query(LogQuery)
    daemon = context.services.daemon
    zone = daemon.settings.office.zone
    today = daemon.clock().astimezone(zone).date()
    page: Page[CallRecord] = Page(())
    try:
        wanted: CallFilter | None = query.filter(daemon.plan, zone, today, _scope(context))
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        wanted = None
    if wanted is not None and query.who.strip():
        found = await context.services.customers.find(query.who, MOST_CUSTOMERS)
        wanted = dataclasses.replace(wanted, customer_ids=tuple(one.id for one in found))
    if wanted is not None:
        async with daemon.store.reading() as conn:
            page = await queries.log(conn, wanted, query.cursor)
    first, last = query.days(today)
    return context.render(
        "calls/log.html",
        status=200 if wanted is not None else 422,
        wanted=query,
        first=first,
        last=last,
        today=today,
        rows=await call_rows(context, page.rows),
        page=page,
        agents=daemon.agents.all(),
        now=datetime.now(zone),
        words=_words(context),
    )


def _scope(context: Context) -> tuple[str, ...] | None:
    """Whose calls this person may see: None all, else only these agents'."""
    if context.viewer.scope("calls", Action.VIEW) is Scope.OWN:
        return (context.viewer.user.agent_id or "nobody",)
    return None


def _words(context: Context) -> dict[str, dict[str, str]]:
    text = context.language.text
    return {
        "directions": {
            Direction.IN.value: text("Incoming"),
            Direction.OUT.value: text("Outgoing"),
            Direction.INTERNAL.value: text("Internal"),
        },
        "matches": {
            Match.CONTAINS.value: text("contains"),
            Match.EXACT.value: text("is"),
            Match.STARTS.value: text("starts with"),
            Match.ENDS.value: text("ends with"),
        },
        "signs": {key: sign.value for key, sign in SIGNS.items()},
    }
