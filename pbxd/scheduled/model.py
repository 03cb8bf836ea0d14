"""A scheduled call as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Preset(StrEnum):
    """The manual's short cuts (S1-13 … S1-18)."""

    MORNING = "morning"  # tomorrow 09:30
    LUNCH = "lunch"  # tomorrow 12:10
    EVENING = "evening"  # tomorrow 18:10
    HALF_HOUR = "half_hour"
    HOUR = "hour"
    THREE_HOURS = "three_hours"


class State(StrEnum):
    """Where it stands."""

    PENDING = "pending"
    RINGING = "ringing"  # it is being dialled
    DONE = "done"  # somebody answered
    FAILED = "failed"  # tried as often as the office wants
    MISSED = "missed"  # pbxd or the PBX was away for too long at its time
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """Ring `agent_id`'s phone at `due_at`, then call `number` (E.164 or short code). UTC.

    `next_at` is when it is tried next: the due time, later for another try. `reason` is a msgid.
    """

    id: str
    agent_id: str
    number: str
    due_at: datetime
    next_at: datetime
    state: State = State.PENDING
    attempts: int = 0
    note: str = ""
    customer_id: str = ""
    call_id: str = ""
    reason: str = ""
    version: int = 1
    reminded: bool = False
