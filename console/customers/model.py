"""A customer as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Self

from console.customers.dates import Anniversary, read
from pbxd.errors import Conflict


class PhoneKind(StrEnum):
    """What a number is to the customer."""

    MOBILE = "mobile"
    HOME = "home"
    WORK = "work"
    FAX = "fax"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Phone:
    """One number of a customer: E.164 or short code, with its own memo (S1-11)."""

    number: str
    kind: PhoneKind = PhoneKind.MOBILE
    memo: str = ""

    def __reduce__(self) -> tuple[type[Phone], tuple[Any, ...]]:
        """As `Details` does."""
        return Phone, (self.number, self.kind, self.memo)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a section (`console.fields.model.SECTIONS`): its cells in the columns' order."""

    section: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """What people enter (S0-03 … S0-06, S1-03, S3-07 … S3-16, S4-85, S4-87).

    `grade`, `category`, `method` and `groups` are ids of codes; `national_id` and
    `business_number` are tokens (`console.customers.personal`); `custom` is (own field's id, text).
    """

    name: str
    kind: str = "person"  # or company
    number: str = ""
    alias: str = ""
    email: str = ""
    company: str = ""
    department: str = ""
    title: str = ""
    business_number: str = ""
    postcode: str = ""
    address: str = ""
    address2: str = ""
    location: str = ""
    grade: str = ""
    category: str = ""
    method: str = ""
    groups: tuple[str, ...] = ()
    membership: str = ""
    vip: bool = False
    caution: bool = False
    prospect: bool = False
    sex: str = ""  # m, f
    birthday: Anniversary | None = None
    wedding: Anniversary | None = None
    national_id: str = ""
    referrer: str = ""
    referrer_phone: str = ""
    registered_on: date | None = None
    left_on: date | None = None
    no_sms: bool = False
    no_label: bool = False
    remarks: str = ""
    memo: str = ""
    phones: tuple[Phone, ...] = ()
    entries: tuple[Entry, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()

    def __reduce__(self) -> tuple[type[Details], tuple[Any, ...]]:
        """For a process of ours: a dataclass's own way takes three times as long."""
        return Details, _VALUES(self)

    def as_dict(self) -> dict[str, Any]:
        """For the audit log and for comparing versions: as JSON has it."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """From `as_dict`, also an older version's with fewer fields."""
        known = {one.name for one in fields(cls)}
        made = {name: value for name, value in values.items() if name in known}
        made["phones"] = tuple(
            Phone(phone["number"], PhoneKind(phone["kind"]), phone["memo"])
            for phone in values.get("phones", ())
        )
        made["groups"] = tuple(values.get("groups", ()))
        made["entries"] = tuple(
            Entry(section, tuple(cells)) for section, cells in values.get("entries", ())
        )
        made["custom"] = tuple((word, text) for word, text in values.get("custom", ()))
        for name in ("birthday", "wedding"):
            made[name] = read(values.get(name) or "")
        for name in ("registered_on", "left_on"):
            made[name] = date.fromisoformat(values[name]) if values.get(name) else None
        return cls(**made)

    @property
    def contact_phone(self) -> str:
        """The first number that is neither mobile nor fax (S3-09)."""
        other = (PhoneKind.MOBILE, PhoneKind.FAX)
        return next((one.number for one in self.phones if one.kind not in other), "")

    @property
    def mobile(self) -> str:
        """The first mobile number (S3-27)."""
        return next((one.number for one in self.phones if one.kind is PhoneKind.MOBILE), "")

    def of(self, section: str) -> tuple[Entry, ...]:
        """A section's rows."""
        return tuple(one for one in self.entries if one.section == section)


_VALUES: Callable[[Details], tuple[Any, ...]] = attrgetter(*(one.name for one in fields(Details)))


def _plain(value: Any) -> Any:
    match value:
        case Anniversary():
            return value.kept
        case date():
            return value.isoformat()
        case Phone():
            return {"number": value.number, "kind": value.kind.value, "memo": value.memo}
        case Entry():
            return [value.section, list(value.cells)]
        case tuple():
            return [_plain(one) for one in value]
    return value


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; `version` grows with each save."""

    id: str
    details: Details
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    last_contact_at: datetime | None = None
    created_by: str = ""  # who registered it; "" the program itself

    @property
    def name(self) -> str:
        """The name."""
        return self.details.name


class Made(Conflict):
    """A form that was saved before is sent again: its answer was lost, or it was come back to."""

    def __init__(self, there: Customer, details: Details) -> None:
        super().__init__(
            "customer-made",
            "“{name}” was saved from this form already. Saving again makes one more customer.",
            field="",
            name=there.name,
        )
        self.there = there
        number = there.details.number if not details.number else details.number
        # a sealed number is never twice the same
        mine = replace(details, number=number, national_id="", business_number="")
        self.same = mine == replace(there.details, national_id="", business_number="")


class Stale(Conflict):
    """Somebody saved meanwhile: carries both versions."""

    def __init__(self, mine: Details, theirs: Customer) -> None:
        super().__init__(
            "customer-stale", "Somebody else has changed this customer meanwhile.", field=""
        )
        self.mine = mine
        self.theirs = theirs
