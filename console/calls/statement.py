"""By what the call log is sorted."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, case, func, select, type_coerce

from console.customers.tables import customers
from console.lists.sorting import Orders
from console.memos.tables import call_memos
from pbxd.agents.tables import agents
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import NEWEST
from pbxd.calls.tables import calls
from pbxd.store.sorting import By, ranked


def _name() -> ColumnElement[str]:
    """The customer's, or what the network said."""
    found = select(customers.c.name).where(customers.c.id == calls.c.customer_id).scalar_subquery()
    return func.coalesce(func.nullif(found, ""), calls.c.name)


def _agent() -> ColumnElement[str]:
    """Whose call it was, else the extension."""
    found = select(agents.c.name).where(agents.c.id == calls.c.agent_id).scalar_subquery()
    return func.coalesce(found, calls.c.extension)


_c = calls.c
_memo = select(call_memos.c.text).where(call_memos.c.call_id == _c.id).scalar_subquery()
_internal = _c.direction == Direction.INTERNAL.value
ORDERS = Orders(
    {
        "time": NEWEST,
        "customer": By(_name()),
        "number": By(case((_internal, _c.other_extension), else_=_c.number)),
        "outcome": ranked(_c.outcome, [one.value for one in Outcome]),
        "rang": By(_c.ring_seconds, counts=True),
        "talked": By(case((_c.answered_at.is_not(None), _c.talk_seconds)), counts=True),
        "agent": By(_agent()),
        "line": By(case((_c.direction == Direction.IN.value, _c.dialled), else_="")),
        "memo": By(_memo),
        "direction": ranked(_c.direction, [one.value for one in Direction]),
        "ended": By(type_coerce(_c.ended_at, BigInteger), counts=True),
        "held": By(func.nullif(_c.hold_seconds, 0), counts=True),
        "extension": By(_c.extension),
    },
    own="-time",
)
