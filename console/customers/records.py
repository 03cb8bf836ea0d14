"""A customer as rows of the tables, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Any, Self

from sqlalchemy import Row

from console.customers.dates import read
from console.customers.model import Customer, Details, Entry, Phone
from console.customers.tables import customers
from pbxd.store import search

_ZEROS = re.compile(r"^([A-Z]*)0+(?=\d)")
FOUND_BY = (
    "name", "alias", "company", "department", "title", "email", "address", "address2",
    "location", "membership", "referrer", "referrer_phone", "remarks", "memo",
)  # fmt: skip
_OTHERWISE = {"groups", "entries", "custom", "birthday", "wedding", "registered_on", "left_on"}
_SAME = tuple(one.name for one in fields(Details) if one.name not in {*_OTHERWISE, "phones"})
_same_of = attrgetter(*_SAME)


@dataclass(frozen=True, slots=True)
class Derived:
    """What customers are found by and that follows from their details and the office's key."""

    birth_solar: str = ""  # ISO
    national_mark: str = ""
    business_mark: str = ""
    numbers: Mapping[str, float | None] = field(default_factory=dict)  # own field → number


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new customer as the tables take it, but for its id and its telephone numbers.

    `columns` of `customers` that say something, `values` of `customer_values`, what is searched.
    """

    columns: Mapping[str, Any]
    values: Sequence[Mapping[str, Any]]
    doc: search.Doc

    def __reduce__(self) -> tuple[type[Prepared], tuple[object, ...]]:
        """As `Details` does."""
        return Prepared, (self.columns, self.values, self.doc)

    @classmethod
    def of(cls, details: Details, derived: Derived, doc: search.Doc) -> Self:
        """Of most columns no customer has anything: what the table puts there is not sent."""
        columns = columns_of(details, derived)
        filled = {name: value for name, value in columns.items() if value != EMPTY.get(name)}
        return cls(filled, tuple(value_rows(details, derived)), doc)

    def numbered(self, number: str) -> Prepared:
        """With a customer number that was given since."""
        columns = {**self.columns, "number": number}
        return Prepared(columns, self.values, self.doc.with_also(short(number)))


def short(number: str) -> str:
    """A customer number as the search knows it: A4 for A000000004."""
    return _ZEROS.sub(r"\1", number)


def phone_rows(id: str, details: Details) -> list[dict[str, Any]]:
    """Its numbers, for `customer_phones`."""
    return [
        {
            "customer_id": id,
            "position": place,
            "number": phone.number,
            "kind": phone.kind.value,
            "memo": phone.memo,
        }
        for place, phone in enumerate(details.phones)
    ]


def group_rows(id: str, details: Details) -> list[dict[str, Any]]:
    """Its groups, for `customer_groups`."""
    return [{"code_id": code_id, "customer_id": id} for code_id in details.groups]


def value_rows(details: Details, derived: Derived) -> list[dict[str, Any]]:
    """Its own fields, for `customer_values`, but for whose they are."""
    return [
        {
            "field": word,
            "text": text[:500],
            "number": derived.numbers.get(word),
        }
        for word, text in details.custom
    ]


def columns_of(details: Details, derived: Derived) -> dict[str, Any]:
    """The columns of `customers` that hold details."""
    columns = {name: getattr(details, name) for name in _SAME}
    columns |= {
        "groups": _json(details.groups),
        "entries": _json([[one.section, one.cells] for one in details.entries]),
        "custom": _json(details.custom),
        "birthday": details.birthday.kept if details.birthday else "",
        "wedding": details.wedding.kept if details.wedding else "",
        "birth_month_day": details.birthday.month_day if details.birthday else None,
        "wedding_month_day": details.wedding.month_day if details.wedding else None,
        "birth_solar": derived.birth_solar,
        "registered_on": details.registered_on.isoformat() if details.registered_on else "",
        "left_on": details.left_on.isoformat() if details.left_on else "",
        "contact_phone": details.contact_phone,
        "mobile": details.mobile,
        "national_mark": derived.national_mark,
        "business_mark": derived.business_mark,
    }
    return columns


def _list(kept: str) -> list[Any]:
    return [] if kept == "[]" else list(json.loads(kept))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def customer_of(row: Row[Any], phones: tuple[Phone, ...]) -> Customer:
    """As it was written."""
    details = Details(
        **dict(zip(_SAME, _same_of(row), strict=True)),
        groups=tuple(_list(row.groups)),
        entries=tuple(Entry(section, tuple(cells)) for section, cells in _list(row.entries)),
        custom=tuple((word, text) for word, text in _list(row.custom)),
        birthday=read(row.birthday),
        wedding=read(row.wedding),
        registered_on=date.fromisoformat(row.registered_on) if row.registered_on else None,
        left_on=date.fromisoformat(row.left_on) if row.left_on else None,
        phones=phones,
    )
    return Customer(
        id=row.id,
        details=details,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        last_contact_at=row.last_contact_at,
        created_by=row.created_by,
    )


# What the table itself puts into a column that nothing is said of
EMPTY = {
    name: value
    for name, value in columns_of(Details(""), Derived()).items()
    if customers.c[name].server_default is not None or customers.c[name].nullable
}
