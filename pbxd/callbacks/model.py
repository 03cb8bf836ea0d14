"""Callbacks as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Who asked for it."""

    HOURS = "hours"  # the caller, outside opening hours
    NOBODY = "nobody"  # the caller, when nobody answered
    QUEUE = "queue"  # the caller, instead of waiting
    ABANDONED = "abandoned"  # pbxd: he gave up waiting
    MISSED = "missed"  # pbxd: nobody answered him
    PROMISE = "promise"  # an agent said so (recall, S4-73)
    WEB = "web"  # a form of the office's web site


class Ending(StrEnum):
    """How it was closed."""

    REACHED = "reached"  # by whatever route: they talked
    COMPLETED = "completed"  # somebody said so (S4-70)


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to be called back. `key` makes it count once, however often it is told."""

    key: str
    number: str  # E.164; "": only a spoken message is there
    source: Source
    at: datetime
    line: str = ""
    queue: str = ""
    language: str = ""
    message: str = ""  # the spool's file of a spoken message (pbxd/recordings takes it in)
    note: str = ""
    agent_id: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """One open item a caller: further wishes join it. Times UTC."""

    id: str
    number: str
    source: Source  # of the first wish
    asked_at: datetime  # first
    last_at: datetime
    count: int
    line: str
    queue: str
    language: str
    message: str
    note: str
    agent_id: str  # whose it is; "" the team's
    due_at: datetime | None
    tries: int
    last_try_at: datetime | None
    last_result: str  # an Outcome's word
    dialling_by: str
    dialling_until: datetime | None
    closed_at: datetime | None
    closed_by: str
    ending: Ending | None
    version: int

    @property
    def open(self) -> bool:
        """Still to be done."""
        return self.closed_at is None

    def in_flight(self, now: datetime) -> bool:
        """Somebody is calling him back at this moment."""
        return self.dialling_until is not None and self.dialling_until > now


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes a callback, and what ends one."""

    hours: bool = True  # callers outside opening hours are offered one
    nobody: bool = False  # and those whom nobody answered (it answers, so they pay for the call)
    queue: bool = False  # and those who wait
    missed: bool = False  # a missed call becomes one by itself
    abandoned: bool = False  # and one whose caller gave up
    close_when_reached: bool = True
    hand_over_minutes: int = 30  # overdue for so long: it is the team's again
