"""By what callbacks are sorted: open ones the oldest first, those that are done the newest."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Subquery,
    case,
    func,
    select,
    type_coerce,
)

from console.customers.tables import customer_phones, customers
from console.lists.sorting import Orders
from pbxd.agents.tables import agents
from pbxd.callbacks.model import Source
from pbxd.callbacks.statement import last_missed
from pbxd.callbacks.tables import callbacks
from pbxd.calls.model import Outcome
from pbxd.store.sorting import By, ranked

_c = callbacks.c
_agent = select(agents.c.name).where(agents.c.id == _c.agent_id).scalar_subquery()


def _customer(number: ColumnElement[str]) -> ScalarSelect[str]:
    return (
        select(func.min(customers.c.name))
        .join(customer_phones, customer_phones.c.customer_id == customers.c.id)
        .where(customer_phones.c.number == number, customers.c.deleted_at.is_(None))
        .scalar_subquery()
    )


_BY = {
    "asked": By(type_coerce(_c.asked_at, BigInteger), indexed=True),
    "customer": By(case((_c.number != "", _customer(_c.number)))),
    "number": By(_c.number),
    "why": ranked(_c.source, [one.value for one in Source]),
    "due": By(type_coerce(_c.due_at, BigInteger), counts=True),
    "whose": By(_agent),
    "last": By(type_coerce(_c.last_at, BigInteger), counts=True),
    "tries": By(_c.tries, counts=True),
}
OPEN = Orders(_BY, own="asked")
DONE = Orders(_BY | {"due": By(type_coerce(_c.closed_at, BigInteger), indexed=True)}, own="-due")


def missed_orders(rows: Subquery) -> Orders:
    """Of who called in vain."""
    by = {
        "time": last_missed(rows),
        "customer": By(_customer(rows.c.number)),
        "number": By(rows.c.number),
        "outcome": ranked(rows.c.outcome, [one.value for one in Outcome]),
        "count": By(rows.c.often, counts=True),
    }
    return Orders(by, own="-time")
