"""Tab of a customer's page: that somebody is to call back."""

from __future__ import annotations

from datetime import datetime

from console.callbacks.messages import messages_of
from console.callbacks.rows import row
from console.customers.model import Customer
from console.customers.tabs import Count, Moment, Tab
from console.web.context import Context
from console.web.i18n import msgid
from pbxd.callbacks import queries

DONE = 20


async def pane(context: Context, customer: Customer) -> str:
    """What is to be done, and what was."""
    numbers = _numbers(customer)
    async with context.services.daemon.store.reading() as conn:
        waiting = await queries.listed(conn, numbers=numbers)
        done = await queries.listed(conn, numbers=numbers, done=True, size=DONE)
        messages = await messages_of(conn, [item.id for item in (*waiting, *done)])
    return context.html(
        "callbacks/pane.html",
        customer=customer,
        waiting=[await row(context, item, messages.get(item.id, ())) for item in waiting],
        called_back=[await row(context, item, messages.get(item.id, ())) for item in done],
    )


async def count(context: Context, customer: Customer) -> Count:
    """Those that wait."""
    async with context.services.daemon.store.reading() as conn:
        waiting = await queries.listed(conn, numbers=_numbers(customer))
    return Count(len(waiting), waits=True)


async def moments(
    context: Context, customer: Customer, before: datetime | None, size: int
) -> list[Moment]:
    """Each wish when it was told first."""
    async with context.services.daemon.store.reading() as conn:
        items = await queries.asked_by(conn, _numbers(customer), before, size)
    return [
        Moment(
            item.asked_at,
            "clock",
            "callbacks/moment.html",
            await row(context, item),
        )
        for item in items
    ]


def _numbers(customer: Customer) -> set[str]:
    return {phone.number for phone in customer.details.phones}


tab = Tab("callbacks", msgid("Callbacks"), 40, "callbacks", pane, count, moments)
