"""Calls by the names of who took part, as conditions (S1-59 … S1-62)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all

from pbxd.calls.model import Direction
from pbxd.calls.tables import calls


class Match(StrEnum):
    """How a name or a number has to fit."""

    EXACT = "exact"
    STARTS = "starts"
    ENDS = "ends"
    CONTAINS = "contains"

    def fits(self, name: str, text: str) -> bool:
        """The same of a name that is no column."""
        match self:
            case Match.EXACT:
                return name == text
            case Match.STARTS:
                return name.startswith(text)
            case Match.ENDS:
                return name.endswith(text)
        return text.casefold() in name.casefold()


class Side(StrEnum):
    """Whose name is meant."""

    EITHER = "either"
    CALLER = "caller"
    CALLEE = "callee"


@dataclass(frozen=True, slots=True)
class Named:
    """Calls in which somebody of that name took part.

    `customer` makes of the column of a customer's id the condition that the name fits; `customers`
    are their ids while they are few. Strangers are found by what the network said.
    """

    text: str
    match: Match
    side: Side
    customer: Callable[[ColumnElement[str]], ColumnElement[bool]]
    customers: tuple[str, ...] | None
    agents: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()

    def holds(self) -> ColumnElement[bool]:
        """Of one call."""
        c = calls.c
        outside = or_(and_(c.customer_id != "", self.customer(c.customer_id)), self._stranger())
        here = or_(c.agent_id.in_(self.agents), c.extension.in_(self.extensions))
        there = and_(_is(Direction.INTERNAL), c.other_extension.in_(self.extensions))
        caller = or_(and_(_is(Direction.IN), outside), and_(~_is(Direction.IN), here))
        callee = or_(and_(_is(Direction.OUT), outside), and_(_is(Direction.IN), here), there)
        sides = {Side.CALLER: caller, Side.CALLEE: callee}
        return sides.get(self.side, or_(caller, callee)).is_(True)  # out of the indexes' sight

    def candidates(self) -> Select[Any] | None:
        """Calls' ids that indexes find, more than fit; None: agents or many customers do."""
        if self.customers is None or self.agents or self.extensions:
            return None
        found = union_all(
            select(calls.c.id).where(calls.c.customer_id.in_(self.customers)),
            select(calls.c.id).where(self._stranger()),
        ).subquery()
        return select(found.c.id)

    def _stranger(self) -> ColumnElement[bool]:
        name = calls.c.name
        return and_(calls.c.customer_id == "", name != "", fits(name, self.text, self.match))


def fits(column: ColumnElement[str], text: str, match: Match) -> ColumnElement[bool]:
    """A name in the wanted way."""
    match match:
        case Match.EXACT:
            return column == text
        case Match.STARTS:
            return column.startswith(text, autoescape=True)
        case Match.ENDS:
            return column.endswith(text, autoescape=True)
        case Match.CONTAINS:
            return column.icontains(text, autoescape=True)


def contains(column: ColumnElement[str], forms: Sequence[str]) -> ColumnElement[bool]:
    """A number with any of these in it: a scan."""
    return or_(*(column.contains(form, autoescape=True) for form in forms))


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """A range of the column's index."""
    return (column >= text) & (column < text + "\U0010ffff")


def _is(direction: Direction) -> ColumnElement[bool]:
    return calls.c.direction == direction.value
