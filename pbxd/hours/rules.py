"""When is it open? Pure; the same answers as dialplan/pbxd-hours.conf gives from AstDB.

A day is written `o0900-1200&l1200-1300&o1300-1800` (o open, l lunch, 24 hours as 0000-2400), `h`
a holiday, `c` closed: so it stands in AstDB, by weekday (1 Monday) and, where a date differs, by
date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pbxd.errors import InvalidInput
from pbxd.hours.model import DAY, DayPlan, Kind, Mode, Schedule, SpecialDay

HORIZON = 400  # days that Asterisk knows ahead: pbxd may be stopped for as long
LONGEST_NAME = 40

Span = tuple[str, int, int]  # o or l, from, to (minutes)
HolidayName = Callable[[date], str]  # "": none


def minutes(text: str) -> int | None:
    """`09:30` as minutes; "" None. Raises InvalidInput."""
    if not text.strip():
        return None
    hours, colon, rest = text.strip().partition(":")
    if colon and hours.isdecimal() and rest.isdecimal() and len(rest) == 2:
        found = int(hours) * 60 + int(rest)
        if int(rest) < 60 and found <= DAY:
            return found
    raise InvalidInput("time-form", "Write a time like 09:30.", field="week")


def plan(opens: str, closes: str, lunch_from: str = "", lunch_to: str = "") -> DayPlan | None:
    """A day as typed; None: closed. Raises InvalidInput (field `week`)."""
    start, end = minutes(opens), minutes(closes)
    eat, back = minutes(lunch_from), minutes(lunch_to)
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise InvalidInput("hours-half", "Write both times, or none.", field="week")
    if start == DAY:
        start = 0
    if end <= start:
        end += DAY  # into the next day; 00:00 to 00:00 is round the clock
    if eat is None and back is None:
        return DayPlan(start, end)
    if eat is None or back is None:
        raise InvalidInput(
            "lunch-half", "Write both times of the lunch break, or none.", field="week"
        )
    eat, back = (time + DAY if time < start else time for time in (eat, back))
    if not start <= eat < back <= end:
        raise InvalidInput(
            "lunch-outside", "The lunch break must lie within the opening hours.", field="week"
        )
    return DayPlan(start, end, eat, back)


class Calendar:
    """One schedule with its special days and the country's holidays."""

    def __init__(
        self, schedule: Schedule, special: Iterable[SpecialDay], holiday: HolidayName
    ) -> None:
        self._schedule = schedule
        self._special = {
            day.day: day
            for day in sorted(special, key=lambda day: day.schedule_id)  # the schedule's own wins
            if day.schedule_id in ("", schedule.id)
        }
        self._holiday = holiday

    def name(self, day: date) -> str:
        """Why this day is not as usual; "" when it is."""
        if (special := self._special.get(day)) is not None:
            return special.name
        return self._holiday(day) if self._schedule.holidays else ""

    def plan(self, day: date) -> DayPlan | None:
        """What holds for a day; None: closed."""
        if (special := self._special.get(day)) is not None:
            if special.mode is Mode.USUAL:
                return self._schedule.week[day.weekday()]
            return special.plan if special.mode is Mode.HOURS else None
        if self.is_holiday(day):
            return None
        return self._schedule.week[day.weekday()]

    def is_holiday(self, day: date) -> bool:
        """Closed by the calendar, not by the weekday."""
        if (special := self._special.get(day)) is not None:
            return special.mode is Mode.CLOSED
        return self._schedule.holidays and bool(self._holiday(day))

    def written(self, day: date) -> str:
        """The day as AstDB has it."""
        spans = _spans(self.plan(day), self.plan(day - timedelta(days=1)))
        return _written(spans, "h" if self.is_holiday(day) else "c")

    def kind(self, at: datetime, zone: ZoneInfo) -> Kind:
        """What holds at a moment, the switch included."""
        if self._schedule.shut(at):
            return Kind.CLOSED
        local = at.astimezone(zone)
        return read(self.written(local.date()), local.hour * 60 + local.minute)

    def changes(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When that is over: the next minute with another answer within two weeks, UTC."""
        now = self.kind(at, zone)
        local = at.astimezone(zone)
        for ahead in range(15):
            day = local.date() + timedelta(days=ahead)
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            edges = {edge for _, *both in _read(self.written(day)) for edge in both} | {0}
            for edge in sorted(edges):
                moment = midnight + timedelta(minutes=edge)
                if moment > at and self.kind(moment, zone) is not now:
                    return moment
        return None


def mirror(
    schedules: Sequence[Schedule],
    special: Sequence[SpecialDay],
    today: date,
    holiday: HolidayName,
    numbers: Callable[[str], Iterable[str]],
) -> dict[str, str]:
    """Everything for AstDB. `numbers`: in which forms (digits) a trunk may send a line."""
    entries: dict[str, str] = {}
    for place, schedule in enumerate(schedules):
        key = schedule.id.lower()
        if place == 0:
            entries["default"] = key
        entries |= {f"line-{form}": key for line in schedule.lines for form in numbers(line)}
        week = [
            _written(_spans(schedule.week[day], schedule.week[day - 1]), "c") for day in range(7)
        ]
        entries |= {f"{key}-{day + 1}": written for day, written in enumerate(week)}
        calendar = Calendar(schedule, special, holiday)
        for ahead in range(-1, HORIZON):
            day = today + timedelta(days=ahead)
            if (written := calendar.written(day)) != week[day.weekday()]:
                entries[f"{key}-{day:%Y%m%d}"] = written
        if schedule.closed_now:
            until = schedule.closed_until
            entries[f"{key}-now"] = "0" if until is None else str(int(until.timestamp()))
    return entries


def look_up(entries: Mapping[str, str], line: str, at: datetime, zone: ZoneInfo) -> Kind:
    """What the dialplan answers from AstDB, step by step."""
    key = entries.get(f"line-{line}") or entries.get("default", "")
    if not key:
        return Kind.OPEN
    until = entries.get(f"{key}-now", "")
    if until == "0" or int(until or 0) > int(at.timestamp()):
        return Kind.CLOSED
    local = at.astimezone(zone)
    written = entries.get(f"{key}-{local:%Y%m%d}") or entries.get(f"{key}-{local.isoweekday()}", "")
    return read(written, local.hour * 60 + local.minute)


def read(written: str, minute: int) -> Kind:
    """What a written day says about a minute of it; nothing written: open."""
    if not written:
        return Kind.OPEN
    if written == "h":
        return Kind.HOLIDAY
    for kind, start, end in _read(written):
        if start <= minute < end:
            return Kind.OPEN if kind == "o" else Kind.LUNCH
    return Kind.CLOSED


def _spans(plan: DayPlan | None, before: DayPlan | None) -> list[Span]:
    """Of one day, with what the night of the day before leaves over."""
    spill = [(kind, max(0, a - DAY), b - DAY) for kind, a, b in _parts(before) if b > DAY]
    own = [(kind, a, min(b, DAY)) for kind, a, b in _parts(plan) if a < DAY]
    return [*spill, *own]


def _parts(plan: DayPlan | None) -> list[Span]:
    if plan is None:
        return []
    if plan.lunch_from is None or plan.lunch_to is None:
        return [("o", plan.opens, plan.closes)]
    parts = [
        ("o", plan.opens, plan.lunch_from),
        ("l", plan.lunch_from, plan.lunch_to),
        ("o", plan.lunch_to, plan.closes),
    ]
    return [part for part in parts if part[1] < part[2]]


def _written(spans: list[Span], empty: str) -> str:
    def clock(minute: int) -> str:
        return f"{minute // 60:02}{minute % 60:02}"

    return "&".join(f"{kind}{clock(a)}-{clock(b)}" for kind, a, b in spans) or empty


def _read(written: str) -> list[Span]:
    spans = []
    for part in written.split("&"):
        start, dash, end = part[1:].partition("-")
        if dash:
            a, b = (int(text[:2]) * 60 + int(text[2:]) for text in (start, end))
            spans.append((part[0], a, b))
    return spans
