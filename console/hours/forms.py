"""What the page of opening hours sends."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from console.web.days import OptionalDay, end_of, moment
from pbxd.errors import InvalidInput
from pbxd.hours import rules
from pbxd.hours.model import Mode, Schedule, SpecialDay, Week

Time = Annotated[str, Field(max_length=8)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ScheduleForm(_Form):
    """A week as typed: seven of each list, from Monday; both times empty: closed."""

    id: Annotated[str, Field(max_length=26)] = ""
    version: int = 1
    name: Annotated[str, Field(max_length=200)] = ""
    lines: Annotated[str, Field(max_length=2000)] = ""
    opens: list[Time] = []
    closes: list[Time] = []
    lunch_from: list[Time] = []
    lunch_to: list[Time] = []
    holidays: bool = False

    def days(self) -> list[tuple[str, str, str, str]]:
        """The seven days as typed."""
        columns = (self.opens, self.closes, self.lunch_from, self.lunch_to)
        return [
            cast(
                tuple[str, str, str, str],
                tuple(column[day] if day < len(column) else "" for column in columns),
            )
            for day in range(7)
        ]

    def wanted(self) -> Schedule:
        """As the service takes it. Raises InvalidInput."""
        week = cast(Week, tuple(rules.plan(*day) for day in self.days()))
        lines = tuple(part for part in re.split(r"[,;\n]", self.lines) if part.strip())
        return Schedule(
            self.id, self.name, lines, week, holidays=self.holidays, version=self.version
        )


class DayForm(_Form):
    """A day that is not as its weekday."""

    schedule: Annotated[str, Field(max_length=26)] = ""
    day: OptionalDay = None
    day_name: Annotated[str, Field(max_length=200, alias="day-name")] = ""
    mode: Mode = Mode.CLOSED
    opens: Time = ""
    closes: Time = ""

    def wanted(self) -> SpecialDay:
        """As the service takes it. Raises InvalidInput."""
        if self.day is None:
            raise InvalidInput("day-missing", "Choose a day.", field="day")
        try:
            plan = rules.plan(self.opens, self.closes) if self.mode is Mode.HOURS else None
        except InvalidInput as refusal:
            raise InvalidInput(refusal.id, refusal.message, field="day-week") from None
        return SpecialDay("", self.schedule, self.day, self.day_name, self.mode, plan)


class CloseForm(_Form):
    """Closed from now on: for some minutes, for today, to a time, or until somebody opens."""

    how: Annotated[str, Field(max_length=10)] = "today"
    until: Annotated[str, Field(max_length=30)] = ""

    def moment(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Until when, UTC. Raises InvalidInput."""
        if self.how == "open":
            return None
        if self.how == "today":
            return end_of(now.astimezone(zone).date(), zone)
        if self.how.isdecimal():
            return now + timedelta(minutes=int(self.how))
        try:
            return moment(self.until, zone)
        except ValueError:
            raise InvalidInput("until-form", "Choose a day and a time.", field="until") from None
