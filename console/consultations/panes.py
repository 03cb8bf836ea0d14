"""Tabs of a customer's page: consultations, and the calls that were promised in them."""

from __future__ import annotations

from datetime import datetime

from console.consultations import queries
from console.consultations.forms import WriteForm
from console.consultations.queries import Filter
from console.consultations.section import SHOWN, section, shown
from console.customers.model import Customer
from console.customers.tabs import Count, Moment, Tab
from console.web.context import Context
from console.web.i18n import msgid


async def consultations(
    context: Context, customer: Customer, typed: WriteForm | None = None, deleted: str = ""
) -> str:
    """The form and the cases; `typed`: one that could not be kept, `deleted`: one's id."""
    return context.html(
        "consultations/pane.html",
        customer=customer,
        consultations=await section(context, customer.id, typed),
        deleted=deleted,
    )


async def recalls(context: Context, customer: Customer) -> str:
    """Those with a promised call, the ones that are still to be made first."""
    wanted = Filter(customer_id=customer.id, promised=True)
    async with context.services.daemon.store.reading() as conn:
        page = await queries.listed(conn, wanted, size=SHOWN)
    cases = sorted(page.rows, key=lambda one: not one.recall_open)  # stable: newest first within
    return context.html(
        "consultations/recalls.html", cases=shown(context, cases, {}), more=bool(page.next)
    )


async def moments(
    context: Context, customer: Customer, before: datetime | None, size: int
) -> list[Moment]:
    """Each case at the time it was opened, with all that was added."""
    wanted = Filter(customer_id=customer.id, until=before)
    async with context.services.daemon.store.reading() as conn:
        page = await queries.listed(conn, wanted, size=size)
    rows = shown(context, page.rows, {})
    return [Moment(row.case.at, "note", "consultations/moment.html", row) for row in rows]


async def unfinished(context: Context, customer: Customer) -> Count:
    """Cases that somebody has still to finish."""
    return await _count(context, Filter(customer_id=customer.id, open=True))


async def to_recall(context: Context, customer: Customer) -> Count:
    """Promised calls that were not made yet."""
    return await _count(context, Filter(customer_id=customer.id, recall=True))


async def _count(context: Context, wanted: Filter) -> Count:
    async with context.services.daemon.store.reading() as conn:
        return Count(await queries.count(conn, wanted), waits=True)


TABS = (
    Tab(
        "consultations",
        msgid("Consultations"),
        10,
        "consultations",
        consultations,
        unfinished,
        moments,
    ),
    Tab("recalls", msgid("Promised calls"), 50, "consultations", recalls, to_recall),
)
