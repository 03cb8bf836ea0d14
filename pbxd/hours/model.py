"""Opening hours as values. All times of day are minutes since midnight in the office's zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

DAY = 1440  # minutes


class Kind(StrEnum):
    """What holds at a moment; the words are also the announcements' (dialplan/prompts.toml)."""

    OPEN = "open"
    LUNCH = "lunch"
    CLOSED = "after-hours"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day; `closes` may lie in the next one (night work: 22:00 to 30:00)."""

    opens: int
    closes: int
    lunch_from: int | None = None
    lunch_to: int | None = None


Week = tuple[DayPlan | None, DayPlan | None, DayPlan | None, DayPlan | None, DayPlan | None,
             DayPlan | None, DayPlan | None]  # from Monday; None: closed  # fmt: skip


class Mode(StrEnum):
    """What a special day is."""

    CLOSED = "closed"
    HOURS = "hours"  # open, but at other times
    USUAL = "usual"  # as every week, although it is a public holiday


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not as its weekday; `schedule_id` "": in all schedules."""

    id: str
    schedule_id: str
    day: date
    name: str
    mode: Mode
    plan: DayPlan | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The hours of some lines; the first one holds for all lines that no other one names."""

    id: str
    name: str
    lines: tuple[str, ...] = ()
    week: Week = field(default=(None,) * 7)
    holidays: bool = True  # public holidays of the country are closed
    closed_now: bool = False  # by the switch
    closed_until: datetime | None = None  # UTC; None with `closed_now`: until somebody opens
    closed_by: str = ""
    version: int = 1

    def shut(self, at: datetime) -> bool:
        """Does the switch hold?"""
        return self.closed_now and (self.closed_until is None or self.closed_until > at)
