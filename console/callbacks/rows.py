"""What stands in each tab of the things to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from console.callbacks.forms import ListQuery, Tab
from console.callbacks.messages import Message, messages_of
from console.callbacks.statement import DONE, OPEN, missed_orders
from console.consultations import queries as consultations
from console.consultations.section import Shown, with_customers
from console.consultations.statement import ORDERS, RECALLS
from console.desk.who import agent_or_none
from console.lists.sorting import Sorted
from console.web.context import Context
from pbxd.callbacks import queries
from pbxd.callbacks.model import Callback
from pbxd.callbacks.statement import Missed, missed, missed_rows
from pbxd.ports import KnownCaller
from pbxd.store.paging import Page

PAGE = 200
OLD, VERY_OLD = timedelta(hours=1), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Row:
    """One callback as the list shows it."""

    item: Callback
    customer_id: str
    name: str
    owner: str
    age: str  # fresh, old or late: its colour
    line: str
    messages: tuple[Message, ...]
    in_flight: str  # who calls him at this moment
    due: str  # as a form has it


async def callbacks_of(
    context: Context, query: ListQuery, cursor: str, size: int = PAGE
) -> tuple[Sorted, Page[Row]]:
    """A page of a tab's callbacks, and by what they are sorted; other tabs have none."""
    orders = DONE if query.tab is Tab.DONE else OPEN
    if query.tab not in (Tab.CALLBACKS, Tab.RECALLS, Tab.DONE):
        return orders.plain(), Page(())
    since, until = _period(context, query)
    me = agent_or_none(context)
    wanted = queries.Filter(
        query.tab is Tab.DONE,
        None if query.tab is Tab.DONE else query.tab is Tab.RECALLS,
        since,
        until,
        (me.id if me is not None else "nobody") if query.mine else None,
    )
    async with context.services.daemon.store.reading() as conn:
        order = await orders.asked(query.sort, partial(queries.few, conn, wanted))
        found = await queries.page_of(conn, wanted, order.by, cursor, size)
        messages = await messages_of(conn, [item.id for item in found.rows])
    rows = [await row(context, item, messages.get(item.id, ())) for item in found.rows]
    return order, Page(tuple(rows), found.next, found.previous)


async def cases_of(
    context: Context, query: ListQuery, cursor: str = "", size: int = PAGE
) -> tuple[Sorted, Page[Shown]]:
    """Consultations that are unfinished, or in which a call was promised; other tabs have none."""
    orders = RECALLS if query.tab is Tab.RECALLS else ORDERS
    if query.tab not in (Tab.UNFINISHED, Tab.RECALLS):
        return orders.plain(), Page(())
    since, until = _period(context, query)
    about = consultations.Filter(
        since,
        until,
        by=context.viewer.user.id if query.mine else "",
        open=query.tab is Tab.UNFINISHED,
        recall=query.tab is Tab.RECALLS,
    )
    async with context.services.daemon.store.reading() as conn:
        order = await orders.asked(query.sort, partial(consultations.few, conn, about))
        found = await consultations.listed(conn, about, cursor, size, order.by)
    return order, Page(await with_customers(context, found.rows), found.next, found.previous)


async def missed_of(
    context: Context, query: ListQuery, cursor: str, size: int = PAGE
) -> tuple[Sorted, Page[Missed]]:
    """Who called in vain and was not talked with since; other tabs have none."""
    rows = missed_rows(*_period(context, query))
    orders = missed_orders(rows)
    if query.tab is not Tab.MISSED:
        return orders.plain(), Page(())
    order = await orders.asked(query.sort, _always)  # all are looked through anyway
    async with context.services.daemon.store.reading() as conn:
        return order, await missed(conn, rows, order.by, cursor, size)


async def _always() -> bool:
    return True


def _period(context: Context, query: ListQuery) -> tuple[datetime, datetime | None]:
    daemon = context.services.daemon
    return query.period(daemon.clock(), daemon.settings.office.zone)


async def row(context: Context, item: Callback, messages: tuple[Message, ...] = ()) -> Row:
    """One item with what the office knows about the caller."""
    daemon = context.services.daemon
    now, agents = daemon.clock(), daemon.agents
    caller = await known(context, item.number)
    owner, dials = agents.by_id(item.agent_id), agents.by_id(item.dialling_by)
    age = now - item.asked_at
    late = item.due_at is not None and item.due_at < now
    zone = daemon.settings.office.zone
    return Row(
        item,
        caller.customer_id if caller else "",
        caller.name if caller else "",
        owner.name if owner else "",
        "late" if late or age > VERY_OLD else "old" if age > OLD else "fresh",
        daemon.settings.office.lines.get(item.line, item.line),
        messages,
        dials.name if dials is not None and item.in_flight(now) else "",
        f"{item.due_at.astimezone(zone):%Y-%m-%dT%H:%M}" if item.due_at else "",
    )


async def known(context: Context, number: str) -> KnownCaller | None:
    found = await context.services.customers.look_up(number) if number else ()
    return found[0] if found else None
