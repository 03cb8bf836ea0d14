"""Consultations as values. Times UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Type:
    """One consultation type of one of the three lists."""

    id: str
    level: int
    name: str
    position: int
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody wrote in a case."""

    id: str
    consultation_id: str
    text: str
    by: str
    at: datetime
    edited_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Consultation:
    """A case: what it began with and what was added; unfinished until it is completed."""

    id: str
    customer_id: str
    call_id: str
    types: tuple[str, str, str]  # ids; "" none
    remarks: str
    by: str
    at: datetime
    completed_at: datetime | None
    completed_by: str
    recall_at: datetime | None
    recall_done_at: datetime | None
    deleted_at: datetime | None
    version: int
    parts: tuple[Part, ...] = ()

    @property
    def open(self) -> bool:
        """Somebody has to go on with it."""
        return self.completed_at is None

    @property
    def recall_open(self) -> bool:
        """The customer waits to be called at a time."""
        return self.recall_at is not None and self.recall_done_at is None
