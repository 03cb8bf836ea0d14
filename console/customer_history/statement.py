"""By what the log of customers' data is sorted."""

from __future__ import annotations

from sqlalchemy import select

from console.audit.queries import NEWEST
from console.audit.tables import audit
from console.customer_history.words import LOG
from console.lists.sorting import Orders
from console.users.tables import users
from pbxd.store.sorting import By, ranked

_who = select(users.c.name).where(users.c.id == audit.c.user_id).scalar_subquery()
ORDERS = Orders({"time": NEWEST, "who": By(_who), "what": ranked(audit.c.what, LOG)}, own="-time")
