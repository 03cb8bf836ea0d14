"""How results are sorted: by any column that customers' tables have, both ways, page by page.

A sort is a walk through segments: those who have something in the column, by it, then those who
have nothing (both ways: nobody scrolls through empty ones first). Codes stand in the office's
order, so each of them is a segment. Each segment is answered by an index, whatever the office's
size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    true,
    type_coerce,
)

from console.codes.model import CATEGORY, GRADE, GROUP, METHOD
from console.codes.service import Codes
from console.customers.tables import customer_values, customers
from console.fields.model import Kind
from console.fields.service import Fields

Place = tuple[int, Any, str]  # segment, key in it, id

TEXTS = {
    "name": customers.c.name,
    "number": customers.c.number,
    "company": customers.c.company,
    "department": customers.c.department,
    "title": customers.c.title,
    "address": customers.c.address,
    "email": customers.c.email,
    "membership": customers.c.membership,
    "sex": customers.c.sex,
    "phone": customers.c.contact_phone,
    "mobile": customers.c.mobile,
    "registered_on": customers.c.registered_on,
}
CODED = {"grade": GRADE, "category": CATEGORY, "method": METHOD, "groups": GROUP}


@dataclass(frozen=True, slots=True)
class Segment:
    """Customers who stand together: those `where` holds, by `key` (None: none), then by `id`."""

    where: ColumnElement[bool]
    key: ColumnElement[Any] | None
    id: ColumnElement[str] = customers.c.id
    values: FromClause | None = None  # its key is an own field's: joined to these


@dataclass(frozen=True, slots=True)
class Sort:
    """One way to sort; `blank` stands at the end both ways."""

    segments: tuple[Segment, ...]
    key: ColumnElement[Any]  # of whichever customer, beside the number of his segment
    blank: Segment | None = None
    mirrored: bool = False  # the column counts the other way round: ages and days of birth

    def walk(self, *, falls: bool) -> tuple[Segment, ...]:
        """The segments in their order."""
        some = tuple(reversed(self.segments)) if self.falling(falls) else self.segments
        return (*some, self.blank) if self.blank is not None else some

    def falling(self, falls: bool) -> bool:
        """Do keys fall?"""
        return falls is not self.mirrored

    def number(self, *, falls: bool) -> ColumnElement[int]:
        """Which segment of the walk a customer stands in."""
        walk = self.walk(falls=falls)
        if len(walk) == 1:
            return literal(0)
        here = [exists().where(one.where) if one.values is not None else one.where for one in walk]
        return case(*((one, place) for place, one in enumerate(here)), else_=len(walk))


def _text(column: Column[str]) -> Sort:
    return Sort((Segment(column > "", column),), column, Segment(column == "", None))


def _dated(column: Column[Any]) -> Sort:
    key = type_coerce(column, BigInteger)
    filled, blank = Segment(column.is_not(None), key), Segment(column.is_(None), None)
    return Sort((filled,), func.coalesce(key, 0), blank)


NEWEST = Sort((Segment(true(), None),), literal(""))
_BORN = _text(customers.c.birth_solar)
_FIXED = {
    "new": NEWEST,
    "birthday": _dated(customers.c.birth_month_day),
    "age": replace(_BORN, mirrored=True),
    "contact": _dated(customers.c.last_contact_at),
    **{word: _text(column) for word, column in TEXTS.items()},
}


def sort_by(word: str, codes: Codes, fields: Fields) -> Sort | None:
    """The sort of a column; None: there is none."""
    if word in _FIXED:
        return _FIXED[word]
    if word in CODED:
        list = CODED[word]
        ids = [one.id for one in (*codes.of(list), *codes.removed(list))]
        return _grouped(ids) if word == "groups" else _coded(word, ids)
    field = fields.get(word)
    if field is None or not field.own:
        return None
    return _own(word, counted=field.kind in (Kind.NUMBER, Kind.MONEY, Kind.DATE))


def _coded(word: str, ids: Sequence[str]) -> Sort:
    column = customers.c[word]
    segments = tuple(Segment(column == id, None) for id in ids)
    return Sort(segments, literal(""), Segment(column == "", None))


def _grouped(ids: Sequence[str]) -> Sort:
    """By the first of a customer's groups."""
    column = customers.c.groups
    segments = tuple(
        Segment(and_(column >= f'["{id}"', column < f'["{id}"\U0010ffff'), column) for id in ids
    )
    return Sort(segments, column, Segment(column == "[]", None))


def _own(word: str, *, counted: bool) -> Sort:
    values = customer_values.alias("sorted_by")  # conditions ask the table too
    key = values.c.number if counted else values.c.text
    here = and_(values.c.field == word, values.c.customer_id == customers.c.id)
    some = key.is_not(None) if counted else key > ""
    filled = Segment(and_(here, some), key, values.c.customer_id, values)
    blank = Segment(~exists().where(here, some), None)
    found = select(key).where(here).scalar_subquery()
    return Sort((filled,), func.coalesce(found, 0 if counted else ""), blank)
