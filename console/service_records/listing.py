"""Service records of all customers: a list with filters and its total, on paper, as Excel."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from console.audit.notes import noted
from console.service_records import queries
from console.service_records.columns import LIST, offered
from console.service_records.forms import ListQuery
from console.service_records.model import LABELS, Record
from console.service_records.section import MOST, Shown, shown
from console.web.context import Context
from console.web.excel import Table

_STEP = 500


async def page(context: Context) -> web.StreamResponse:
    """From new to old."""
    query = context.query(ListQuery)
    wanted = query.filter()
    async with context.services.daemon.store.reading() as conn:
        found = await queries.listed(conn, wanted, query.cursor)
        total = await queries.total(conn, wanted)
    return context.render(
        "service_records/page.html",
        wanted=query,
        page=found,
        rows=await _named(context, found.rows),
        total=total,
        labels=LABELS,
        users=context.services.users.all(),
        chips=_chips(context, query),
        columns=await context.services.lists.columns(context, LIST, offered(context.language)),
        saved=await context.services.lists.saved(context.viewer.user.id, LIST),
    )


async def paper(context: Context) -> web.StreamResponse:
    """All that fits, to be printed."""
    query = context.query(ListQuery)
    wanted = query.filter()
    async with context.services.daemon.store.reading() as conn:
        found = await queries.listed(conn, wanted, size=MOST)
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
    text = context.language.text
    heads = (
        "Date",
        "Customer",
        "Number",
        "State",
        "Service summary",
        "Served by",
        "Amount",
        "Note",
    )
    table = Table("service-records", [text(head) for head in heads])
    count = 0
    async for row, number in _all(context, query):
        count += 1
        entry = row.record.entry
        table.add(
            (
                entry.day.isoformat(),
                row.customer,
                number,
                text(LABELS[entry.status]),
                entry.summary,
                row.served_by,
                entry.amount,
                entry.note,
            )
        )
    await noted(context, "service.export", "", None, [query.link(), count])
    return table.response()


async def _all(context: Context, query: ListQuery) -> AsyncIterator[tuple[Shown, str]]:
    wanted, cursor, daemon = query.filter(), "", context.services.daemon
    while True:
        async with daemon.store.reading() as conn:
            found = await queries.listed(conn, wanted, cursor, _STEP)
        ids = {one.customer_id for one in found.rows}
        customers = await context.services.customers.several(ids)
        names = {id: one.name for id, one in customers.items()}
        for row in shown(context, found.rows, names):
            customer = customers.get(row.record.customer_id)
            phones = customer.details.phones if customer is not None else ()
            yield row, daemon.plan.display(phones[0].number) if phones else ""
        cursor = found.next
        if not cursor:
            return


async def _named(context: Context, records: tuple[Record, ...]) -> tuple[Shown, ...]:
    ids = sorted({one.customer_id for one in records})
    return shown(context, records, await context.services.customers.names(ids))


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
