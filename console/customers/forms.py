"""The customer form."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from pydantic import BaseModel, field_validator

from console.customers.model import Details, Phone, PhoneKind
from console.web.days import end_of, start_of
from pbxd.calls.queries import CallFilter


class CustomerForm(BaseModel):
    """What the page sends; the numbers come as three lists of equal length."""

    version: int = 0
    name: str = ""
    kind: str = "person"
    company: str = ""
    postcode: str = ""
    address: str = ""
    vip: bool = False
    caution: bool = False
    memo: str = ""
    phone: list[str] = []
    phone_kind: list[str] = []
    phone_memo: list[str] = []

    @field_validator("phone", "phone_kind", "phone_memo", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    def details(self) -> Details:
        """As the customers' service takes it."""
        kinds = set(PhoneKind)
        phones = tuple(
            Phone(number, PhoneKind(kind) if kind in kinds else PhoneKind.OTHER, memo)
            for number, kind, memo in zip(
                self.phone,
                self.phone_kind + ["mobile"] * len(self.phone),
                self.phone_memo + [""] * len(self.phone),
                strict=False,
            )
        )
        return Details(
            name=self.name,
            kind=self.kind,
            company=self.company,
            postcode=self.postcode,
            address=self.address,
            vip=self.vip,
            caution=self.caution,
            memo=self.memo,
            phones=phones,
        )


class ListQuery(BaseModel):
    """What the list shows."""

    q: str = ""
    cursor: str = ""


class NewQuery(BaseModel):
    """A new customer, perhaps from a call."""

    number: str = ""
    name: str = ""
    call: str = ""


class PeriodQuery(BaseModel):
    """A customer's calls of some days (S2-16); all without them. Days are the office's."""

    since: date | None = None
    until: date | None = None
    cursor: str = ""

    def filter(self, customer_id: str, zone: ZoneInfo) -> CallFilter:
        """As the history takes it."""
        first, last = self.since, self.until
        return CallFilter(
            customer_id=customer_id,
            since=start_of(first, zone) if first else None,
            until=end_of(last, zone) if last else None,
        )

    @property
    def address(self) -> str:
        """The period for the address of another page."""
        values = {"since": self.since, "until": self.until}
        return "".join(f"{key}={value}&" for key, value in values.items() if value)
