"""Service records of all customers: a list with filters and its total, on paper, as Excel."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from console.lists.export import exported, paged
from console.service_records import queries
from console.service_records.columns import COLUMNS, LIST
from console.service_records.forms import ListQuery
from console.service_records.model import LABELS, Record
from console.service_records.section import MOST, Shown, shown
from console.service_records.sheet import record_sheet
from console.service_records.statement import ORDERS
from console.web.context import Context
from pbxd.store.paging import Page


async def page(context: Context) -> web.StreamResponse:
    """From new to old."""
    query = context.query(ListQuery)
    wanted = query.filter()
    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))
        found = await queries.listed(conn, wanted, query.cursor, by=order.by)
        total = await queries.total(conn, wanted)
    return context.render(
        "service_records/page.html",
        wanted=query,
        page=found,
        order=order,
        link=lambda sort: f"/services?{query.link(sort=sort, cursor='')}",
        rows=await _named(context, found.rows),
        total=total,
        labels=LABELS,
        users=context.services.users.all(),
        chips=_chips(context, query),
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        saved=await context.services.lists.saved(context.viewer.user.id, LIST),
    )


async def paper(context: Context) -> web.StreamResponse:
    """All that fits, to be printed."""
    query = context.query(ListQuery)
    wanted = query.filter()
    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))
        found = await queries.listed(conn, wanted, size=MOST, by=order.by)
        total = await queries.total(conn, wanted)
    user = context.services.users.get(query.user)
    return context.render(
        "service_records/paper.html",
        wanted=query,
        rows=await _named(context, found.rows),
        total=total,
        labels=LABELS,
        person=user.name if user is not None else "",
    )


async def export(context: Context) -> web.StreamResponse:
    """All that fits, as Excel."""
    query = context.query(ListQuery)
    wanted = query.filter()

    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))

    async def fetch(cursor: str) -> Page[Shown]:
        async with context.services.daemon.store.reading() as conn:
            found = await queries.listed(conn, wanted, cursor, order.step, order.by)
        return Page(await _named(context, found.rows), found.next)

    return await exported(context, record_sheet(context), paged(fetch), query.link(cursor=""))


async def _named(context: Context, records: tuple[Record, ...]) -> tuple[Shown, ...]:
    customers = await context.services.customers.several({one.customer_id for one in records})
    return shown(context, records, customers)


def _chips(context: Context, query: ListQuery) -> list[tuple[str, str]]:
    """What is asked for besides the days, and the list without it."""
    user, text = context.services.users.get(query.user), context.language.text
    asked = {
        "user": user.name if user is not None else "",
        "status": text(LABELS[query.status]) if query.status else "",
        "q": f"{text('Words in it')}: {query.q}" if query.q else "",
    }
    return [
        (said, f"/services?{query.link(**{key: '', 'cursor': ''})}")
        for key, said in asked.items()
        if said
    ]
