"""A customer as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


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


@dataclass(frozen=True, slots=True)
class Details:
    """What people enter."""

    name: str
    kind: str = "person"  # or company
    company: str = ""
    postcode: str = ""
    address: str = ""
    vip: bool = False
    caution: bool = False
    memo: str = ""
    phones: tuple[Phone, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For the audit log and for comparing versions."""
        values = asdict(self)
        values["phones"] = [asdict(phone) for phone in self.phones]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """From `as_dict`."""
        phones = tuple(
            Phone(phone["number"], PhoneKind(phone["kind"]), phone["memo"])
            for phone in values["phones"]
        )
        return cls(**{**values, "phones": phones})


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

    @property
    def name(self) -> str:
        """The name."""
        return self.details.name
