"""The page of opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import web

from console.audit.notes import noted
from console.hours.forms import CloseForm, DayForm, ScheduleForm
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput
from pbxd.hours.model import DAY, DayPlan, Kind, Mode, Schedule, SpecialDay

AHEAD_DAYS = 120
NEW = ScheduleForm(
    opens=["09:00"] * 5,
    closes=["18:00"] * 5,
    lunch_from=["12:00"] * 5,
    lunch_to=["13:00"] * 5,
    holidays=True,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One schedule as the page shows it."""

    schedule: Schedule
    kind: Kind
    changes: datetime | None
    lines: str
    days: list[tuple[str, str, str, str]]
    shut: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day to come that is not as its weekday; `special` None: a public holiday."""

    day: date
    name: str
    schedule: str  # its name; "" all
    text: str  # "closed", "usual" or the hours
    special: SpecialDay | None


async def page(context: Context) -> web.StreamResponse:
    """All schedules and the days to come."""
    return await _page(context)


async def save(context: Context) -> web.StreamResponse:
    """A new week, or another one; what is wrong is said and stays typed."""
    form = await context.form(ScheduleForm)
    hours = context.services.daemon.hours
    try:
        before = hours.get(form.id) if form.id else None
        after = await hours.save(form.wanted())
    except (InvalidInput, Conflict) as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else ""
        context.errors[field] = context.language.refusal(refusal)
        return await _page(context, typed=form, status=422)
    await noted(context, "hours.save", after.id, _told(before), _told(after))
    return context.go("/hours")


async def remove(context: Context) -> web.StreamResponse:
    """A schedule that nobody needs any more."""
    hours, id = context.services.daemon.hours, context.request.match_info["id"]
    before = hours.get(id)
    try:
        await hours.remove(id)
    except InvalidInput as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _page(context, status=422)
    await noted(context, "hours.remove", id, _told(before), None)
    return context.go("/hours")


async def close_now(context: Context) -> web.StreamResponse:
    """The switch: closed from this moment."""
    form, id = await context.form(CloseForm), context.request.match_info["id"]
    daemon = context.services.daemon
    try:
        until = form.moment(daemon.clock(), daemon.settings.office.zone)
        await daemon.hours.close_now(id, until, context.viewer.user.id)
    except (InvalidInput, Conflict) as refusal:
        context.errors[f"until-{id}"] = context.language.refusal(refusal)
        return await _page(context, status=422)
    await noted(context, "hours.close", id, None, until.isoformat() if until else "")
    return context.go("/hours")


async def open_again(context: Context) -> web.StreamResponse:
    """The table holds again."""
    id = context.request.match_info["id"]
    await context.services.daemon.hours.open_again(id, context.viewer.user.id)
    await noted(context, "hours.open", id, None, None)
    return context.go("/hours")


async def add_day(context: Context) -> web.StreamResponse:
    """A day that is not as its weekday."""
    form = await context.form(DayForm)
    try:
        day = await context.services.daemon.hours.add_day(form.wanted())
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, day=form, status=422)
    told = [day.schedule_id, day.day.isoformat(), day.name, day.mode.value, _hours(day.plan)]
    await noted(context, "hours.day", day.id, None, told)
    return context.go("/hours")


async def remove_day(context: Context) -> web.StreamResponse:
    """As every week again; the page offers to take it back."""
    id = context.request.match_info["id"]
    gone = await context.services.daemon.hours.remove_day(id)
    if gone is not None:
        await noted(context, "hours.day-remove", id, [gone.day.isoformat(), gone.name], None)
    return await _page(context, gone=gone)


async def _page(
    context: Context,
    *,
    typed: ScheduleForm | None = None,
    day: DayForm | None = None,
    gone: SpecialDay | None = None,
    status: int = 200,
) -> web.StreamResponse:
    daemon = context.services.daemon
    schedules = daemon.hours.schedules()
    adding = typed is not None and not typed.id
    return context.render(
        "hours/page.html",
        status=status,
        cards=[_card(context, schedule, typed) for schedule in schedules],
        new=typed if adding and typed else NEW,
        adding=adding or context.request.query.get("new") == "1" or not schedules,
        typed_day=day or DayForm(),
        days=_days(context),
        gone=gone,
        gone_times=_times(gone.plan)[:2] if gone is not None else ("", ""),
        names={schedule.id: schedule.name for schedule in schedules},
        weekdays=_weekdays(context),
        users={user.id: user.name for user in context.services.users.all()},
    )


def _card(context: Context, schedule: Schedule, typed: ScheduleForm | None) -> Card:
    daemon = context.services.daemon
    calendar, now = daemon.hours.calendar(schedule), daemon.clock()
    zone = daemon.settings.office.zone
    mine = typed is not None and typed.id == schedule.id
    display = daemon.plan.display
    return Card(
        schedule,
        calendar.kind(now, zone),
        calendar.changes(now, zone),
        typed.lines if mine and typed else ", ".join(display(line) for line in schedule.lines),
        typed.days() if mine and typed else [_times(day) for day in schedule.week],
        schedule.shut(now),
    )


def _days(context: Context) -> list[Day]:
    """Special days and public holidays to come."""
    hours, daemon = context.services.daemon.hours, context.services.daemon
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    names = {schedule.id: schedule.name for schedule in hours.schedules()}
    words = {Mode.CLOSED: "closed", Mode.USUAL: "usual"}
    found = [
        Day(
            one.day,
            one.name,
            names.get(one.schedule_id, ""),
            words.get(one.mode) or _hours(one.plan),
            one,
        )
        for one in hours.days()
        if one.day >= today
    ]
    special = {one.day for one in found if one.special and not one.special.schedule_id}
    if any(schedule.holidays for schedule in hours.schedules()):
        for ahead in range(AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            if day not in special and (name := hours.holiday(day)):
                found.append(Day(day, name, "", "closed", None))
    return sorted(found, key=lambda one: (one.day, one.schedule))


def _weekdays(context: Context) -> list[str]:
    monday = date(2026, 11, 23)
    return [context.language.weekday(monday + timedelta(days=n)) for n in range(7)]


def _times(plan: DayPlan | None) -> tuple[str, str, str, str]:
    if plan is None:
        return "", "", "", ""
    lunch = (plan.lunch_from, plan.lunch_to)
    first, second = ("" if at is None else _clock(at) for at in lunch)
    return _clock(plan.opens), _clock(plan.closes), first, second


def _hours(plan: DayPlan | None) -> str:
    return "" if plan is None else f"{_clock(plan.opens)}–{_clock(plan.closes)}"


def _clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def _told(schedule: Schedule | None) -> list[Any] | None:
    if schedule is None:
        return None
    week = [_times(day) for day in schedule.week]
    return [schedule.name, list(schedule.lines), week, schedule.holidays]
