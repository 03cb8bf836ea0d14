"""By what the history of consultations is sorted."""

from __future__ import annotations

from sqlalchemy import BigInteger, case, select, type_coerce

from console.consultations.queries import NEWEST
from console.consultations.tables import consultations
from console.customers.tables import customers
from console.lists.sorting import Orders
from console.users.tables import users
from pbxd.store.sorting import By

_c = consultations.c
_their = customers.c.id == _c.customer_id
_BY = {
    "time": NEWEST,
    "customer": By(select(customers.c.name).where(_their).scalar_subquery()),
    "agent": By(select(users.c.name).where(users.c.id == _c.by).scalar_subquery()),
    "state": By(case((_c.completed_at.is_(None), 0), else_=1), counts=True),
    "recall": By(type_coerce(_c.recall_at, BigInteger), counts=True),
    "remarks": By(_c.remarks),
}
ORDERS = Orders(_BY, own="-time")
# of calls that were agreed: by when
RECALLS = Orders(
    _BY | {"time": By(type_coerce(_c.recall_at, BigInteger), indexed=True)}, own="time"
)
