"""What the pages of service records send."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from console.lists.forms import SortedQuery
from console.service_records import rules
from console.service_records.model import Entry, Record, Status
from console.service_records.queries import Filter
from console.web.days import OptionalDay

Typed = Annotated[str, Field(max_length=20_000)]  # checked by the rules, so that it stays typed


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RecordForm(_Form):
    """A record as it is typed; `version` is what was seen, `all` whether all were shown."""

    day: Typed = ""
    status: Typed = Status.DONE.value
    summary: Typed = ""
    user: Typed = ""
    name: Typed = ""
    amount: Typed = ""
    note: Typed = ""
    version: int = 0
    all: bool = False

    def entry(self) -> Entry:
        """As the service takes it. Raises InvalidInput."""
        return Entry(
            rules.day(self.day),
            rules.status(self.status),
            rules.summary(self.summary),
            self.user,
            "" if self.user else rules.name(self.name),
            rules.amount(self.amount),
            rules.note(self.note),
        )


def typed_of(record: Record) -> RecordForm:
    """What is kept, as it is typed."""
    entry = record.entry
    return RecordForm(
        day=entry.day.isoformat(),
        status=entry.status.value,
        summary=entry.summary,
        user=entry.user_id,
        name=entry.name,
        amount=f"{entry.amount:,}",
        note=entry.note,
        version=record.version,
    )


class AllQuery(_Form):
    """All of a customer's records, or only the newest."""

    all: bool = False


class SectionQuery(_Form):
    """The same in the address of the customer's page."""

    services: str = ""


class ListQuery(SortedQuery):
    """Which records."""

    since: OptionalDay = None
    until: OptionalDay = None
    user: Annotated[str, Field(max_length=26)] = ""
    status: Status | None = None
    q: Annotated[str, Field(max_length=80)] = ""

    def filter(self) -> Filter:
        """As the store takes it."""
        return Filter(self.since, self.until, self.user, self.status, self.q.strip())


class PhraseForm(_Form):
    """A phrase; `before` is what was seen."""

    text: Typed = ""
    before: Typed = ""


def new_form(today: date, user_id: str) -> RecordForm:
    """Nothing typed yet: today, done, by oneself."""
    return RecordForm(day=today.isoformat(), user=user_id)
