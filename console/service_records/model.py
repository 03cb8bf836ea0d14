"""Service records as values. Days are the office's; amounts whole units of its currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from console.web.i18n import msgid


class Status(StrEnum):
    """How far a service is (S3-37)."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    POSTPONED = "postponed"
    NOT_NEEDED = "not_needed"
    IMPOSSIBLE = "impossible"


LABELS: dict[Status, str] = {
    Status.DONE: msgid("Done"),
    Status.IN_PROGRESS: msgid("In progress"),
    Status.POSTPONED: msgid("Postponed"),
    Status.NOT_NEEDED: msgid("Not needed"),
    Status.IMPOSSIBLE: msgid("Impossible"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody writes: `user_id` served, or `name`, who has no account."""

    day: date
    status: Status
    summary: str
    user_id: str
    name: str = ""
    amount: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of a customer; `by` wrote it."""

    id: str
    customer_id: str
    entry: Entry
    by: str
    at: datetime
    version: int = 1
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """Of several records: how many, from when to when, for how much (S3-34)."""

    count: int = 0
    amount: int = 0
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text to choose from (S3-36); its number stays with it."""

    id: str
    number: int
    text: str
    removed_at: datetime | None = None

    @property
    def digits(self) -> str:
        """`0001`."""
        return f"{self.number:04}"
