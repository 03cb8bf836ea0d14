"""By what scheduled calls are sorted: those to come the next first, those of the past the last."""

from __future__ import annotations

from sqlalchemy import select

from console.customers.tables import customers
from console.lists.sorting import Orders
from pbxd.agents.tables import agents
from pbxd.scheduled.model import State
from pbxd.scheduled.queries import DUE
from pbxd.scheduled.tables import scheduled_calls
from pbxd.store.sorting import By, ranked

_c = scheduled_calls.c
_customer = select(customers.c.name).where(customers.c.id == _c.customer_id).scalar_subquery()
_agent = select(agents.c.name).where(agents.c.id == _c.agent_id).scalar_subquery()
_BY = {
    "time": DUE,
    "customer": By(_customer),
    "number": By(_c.number),
    "state": ranked(_c.state, [one.value for one in State]),
    "tries": By(_c.attempts, counts=True),
    "agent": By(_agent),
    "note": By(_c.note),
}
COMING = Orders(_BY, own="time")
PAST = Orders(_BY, own="-time")
