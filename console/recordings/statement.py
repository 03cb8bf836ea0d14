"""By what the list of recordings is sorted."""

from __future__ import annotations

from sqlalchemy import func, select

from console.customers.tables import customers
from console.lists.sorting import Orders
from pbxd.agents.tables import agents
from pbxd.recordings.queries import NEWEST
from pbxd.recordings.tables import recordings
from pbxd.store.sorting import By

_c = recordings.c
_customer = select(customers.c.name).where(customers.c.id == _c.customer_id).scalar_subquery()
_agent = select(agents.c.name).where(agents.c.id == _c.agent_id).scalar_subquery()
ORDERS = Orders(
    {
        "time": NEWEST,
        "customer": By(_customer),
        "number": By(_c.number),
        "agent": By(func.coalesce(_agent, _c.extension)),
        "length": By(_c.seconds, counts=True),
        "extension": By(_c.extension),
    },
    own="-time",
)
