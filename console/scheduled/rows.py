"""Scheduled calls in the order that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from console.lists.sorting import Sorted
from console.scheduled.statement import COMING, PAST
from console.web.context import Context
from console.web.permissions import Action, Scope
from pbxd.scheduled import queries
from pbxd.scheduled.model import ScheduledCall
from pbxd.scheduled.queries import Filter
from pbxd.store.paging import Page


def whose(context: Context, action: Action = Action.VIEW) -> str | None:
    """The agent whose calls a right reaches; None: everybody's."""
    if context.viewer.scope("scheduled", action) is Scope.ALL:
        return None
    return context.viewer.user.agent_id or "nobody"


async def listed(
    context: Context, wanted: Filter, sort: str, cursor: str, size: int
) -> tuple[Sorted, Page[ScheduledCall]]:
    """By what they are sorted, and a page of them."""
    orders = PAST if wanted.done else COMING
    async with context.services.daemon.store.reading() as conn:
        order = await orders.asked(sort, partial(queries.few, conn, wanted))
        return order, await queries.page_of(conn, wanted, order.by, cursor, size)


async def names_of(context: Context, calls: Iterable[ScheduledCall]) -> dict[str, str]:
    """By customer."""
    ids = sorted({call.customer_id for call in calls} - {""})
    return await context.services.customers.names(ids) if ids else {}
