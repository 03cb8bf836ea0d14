"""By what the list of service records is sorted."""

from __future__ import annotations

from sqlalchemy import func, select

from console.customers.tables import customers
from console.lists.sorting import Orders
from console.service_records.model import Status
from console.service_records.queries import NEWEST
from console.service_records.tables import service_records
from console.users.tables import users
from pbxd.store.sorting import By, ranked

_c = service_records.c
_customer = select(customers.c.name).where(customers.c.id == _c.customer_id).scalar_subquery()
_user = select(users.c.name).where(users.c.id == _c.served_by).scalar_subquery()
ORDERS = Orders(
    {
        "day": NEWEST,
        "customer": By(_customer),
        "status": ranked(_c.status, [one.value for one in Status]),
        "summary": By(_c.summary),
        "served_by": By(func.coalesce(_user, _c.served_name)),
        "amount": By(_c.amount, counts=True),
        "note": By(_c.note),
    },
    own="-day",
)
