"""The history of consultations (상담 내역 관리, S4-39 … S4-44)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from aiohttp import web

from console.consultations import queries
from console.consultations.columns import COLUMNS, LIST
from console.consultations.forms import LogQuery
from console.consultations.queries import Filter
from console.consultations.section import Shown, with_customers
from console.consultations.sheet import consultation_sheet
from console.consultations.statement import ORDERS
from console.lists.export import exported, paged
from console.users.reach import people
from console.web.context import Context
from console.web.permissions import Action
from pbxd.store.paging import Page


async def page(context: Context) -> web.StreamResponse:
    """The list, newest first."""
    query, whose = context.query(LogQuery), people(context, "consultation-log")
    wanted = _wanted(context, query)
    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))
        found = await queries.listed(conn, wanted, query.cursor, by=order.by)
    return context.render(
        "consultations/page.html",
        wanted=query,
        page=found,
        order=order,
        link=lambda sort: f"/consultations?{query.link(sort=sort, cursor='')}",
        rows=await with_customers(context, found.rows),
        types=context.services.consultations.types(),
        users=context.services.users.all() if whose is None else whose,
        chips=_chips(context, query),
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        saved=await context.services.lists.saved(context.viewer.user.id, LIST),
    )


async def summary(context: Context) -> web.StreamResponse:
    """How many there are in the period, by state and first type (S0-46): read after the list."""
    query = context.query(LogQuery)
    async with context.services.daemon.store.reading() as conn:
        found = await queries.by_type(conn, _wanted(context, query))
    types = {one.id: one for one in context.services.consultations.types()}
    return context.fragment(
        "consultations/summary.html",
        total=sum(count for _, count, _ in found),
        unfinished=sum(left for _, _, left in found),
        by_type=[(types[id], count) for id, count, _ in found if id in types],
    )


async def export(context: Context) -> web.StreamResponse:
    """All that fits, as Excel."""
    query = context.query(LogQuery)
    wanted = _wanted(context, query, Action.EXPORT)

    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))

    async def fetch(cursor: str) -> Page[Shown]:
        async with context.services.daemon.store.reading() as conn:
            found = await queries.listed(conn, wanted, cursor, order.step, order.by)
        return Page(await with_customers(context, found.rows), found.next)

    asked = query.link(cursor="")
    return await exported(context, consultation_sheet(context), paged(fetch), asked)


def _wanted(context: Context, query: LogQuery, action: Action = Action.VIEW) -> Filter:
    daemon = context.services.daemon
    wanted = query.filter(daemon.clock(), daemon.settings.office.zone)
    whose = people(context, "consultation-log", action)
    return wanted if whose is None else replace(wanted, people=tuple(one.id for one in whose))


def _chips(context: Context, query: LogQuery) -> list[tuple[str, str]]:
    """What is asked for besides the days, and the list without it."""
    names = {one.id: one.name for one in context.services.consultations.types()}
    user, text = context.services.users.get(query.by), context.language.text
    asked = {
        "type1": names.get(query.type1, ""),
        "type2": names.get(query.type2, ""),
        "type3": names.get(query.type3, ""),
        "by": user.name if user is not None else "",
        "address": f"{text('Address or apartment')}: {query.address}",
        "q": f"{text('Words in it')}: {query.q}",
        "open": text("only unfinished"),
    }
    return [
        (said, f"/consultations?{query.link(**{key: '', 'cursor': ''})}")
        for key, said in asked.items()
        if getattr(query, key) and said
    ]
