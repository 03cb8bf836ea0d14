"""The call log's screen (S4-25 … S4-28)."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from functools import partial

from aiohttp import web

from console.calls.columns import COLUMNS, LIST
from console.calls.forms import SIGNS, LogQuery
from console.calls.named import named
from console.calls.rows import CallRow, call_rows
from console.calls.sheet import DIRECTIONS, call_sheet
from console.calls.statement import ORDERS
from console.lists.export import exported, paged
from console.users.reach import agents
from console.web.context import Context
from console.web.permissions import Action
from pbxd.calls import queries
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.calls.statement import Match, Side
from pbxd.errors import InvalidInput
from pbxd.store.paging import Page


async def log(context: Context) -> web.StreamResponse:
    """One page of the log; today unless other days are asked for."""
    query = context.query(LogQuery)
    daemon = context.services.daemon
    zone = daemon.settings.office.zone
    today = daemon.clock().astimezone(zone).date()
    page: Page[CallRecord] = Page(())
    order = ORDERS.plain()
    try:
        wanted = await wanted_by(context, query)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
    else:
        async with daemon.store.reading() as conn:
            order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))
            page = await queries.log(conn, wanted, query.cursor, by=order.by)
    first, last = query.days(today)
    words = _words(context)
    # a search for today that is kept means every today
    undated = {"since": "", "until": ""} if first == last == today else {}
    return context.render(
        "calls/log.html",
        status=422 if context.errors else 200,
        wanted=query,
        first=first,
        last=last,
        today=today,
        rows=await call_rows(context, page.rows),
        page=page,
        order=order,
        link=lambda sort: f"/calls?{query.address(sort=sort, cursor='')}",
        agents=daemon.agents.all(),
        now=datetime.now(zone),
        words=words,
        chips=_chips(context, query, words),
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        saved=await context.services.lists.saved(context.viewer.user.id, LIST),
        to_save=query.address(cursor="", **undated),
    )


async def export(context: Context) -> web.StreamResponse:
    """All that fits, as Excel."""
    query = context.query(LogQuery)
    try:
        wanted = await wanted_by(context, query, Action.EXPORT)
    except InvalidInput:
        return context.go(f"/calls?{query.address()}")

    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))

    async def fetch(cursor: str) -> Page[CallRow]:
        async with context.services.daemon.store.reading() as conn:
            page = await queries.log(conn, wanted, cursor, order.step, order.by)
        return Page(tuple(await call_rows(context, page.rows, in_full=False)), page.next)

    return await exported(context, call_sheet(context), paged(fetch), query.address(cursor=""))


async def wanted_by(context: Context, query: LogQuery, action: Action = Action.VIEW) -> CallFilter:
    """What is asked for, of what this person's right reaches. Raises InvalidInput."""
    daemon = context.services.daemon
    zone = daemon.settings.office.zone
    whose, today = agents(context, "calls", action), daemon.clock().astimezone(zone).date()
    wanted = query.filter(daemon.plan, zone, today, whose)
    return dataclasses.replace(wanted, named=await named(context, query))


def _words(context: Context) -> dict[str, dict[str, str]]:
    text = context.language.text
    return {
        "directions": {one.value: text(word) for one, word in DIRECTIONS.items()},
        "matches": {
            Match.CONTAINS.value: text("contains"),
            Match.EXACT.value: text("is"),
            Match.STARTS.value: text("starts with"),
            Match.ENDS.value: text("ends with"),
        },
        "sides": {
            Side.EITHER.value: text("either of them"),
            Side.CALLER.value: text("who called"),
            Side.CALLEE.value: text("who was called"),
        },
        "signs": {key: sign.value for key, sign in SIGNS.items()},
    }


def _chips(
    context: Context, query: LogQuery, words: dict[str, dict[str, str]]
) -> list[tuple[str, str]]:
    """What is asked for besides the days, and the log without it."""
    text = context.language.text
    agent = context.services.daemon.agents.by_id(query.agent)
    fit = words["matches"]
    asked = {
        "direction": words["directions"].get(query.direction or "", ""),
        "outcome": query.outcome.value if query.outcome else "",
        "agent": agent.name if agent is not None else query.agent,
        "who": " · ".join(
            (query.who, fit[query.who_match])
            if query.side is Side.EITHER
            else (query.who, fit[query.who_match], words["sides"][query.side])
        ),
        "number": f"{query.number} · {fit[query.match]}",
        "ring": f"{text('Rang')} {words['signs'].get(query.ring_sign, '')} {query.ring} s",
        "talk": f"{text('Talked')} {words['signs'].get(query.talk_sign, '')} {query.talk} s",
        "external": text("Without internal calls"),
    }
    return [
        (said, f"/calls?{query.address(**{key: '', 'cursor': ''})}")
        for key, said in asked.items()
        if getattr(query, key) not in (None, "", False)
    ]
