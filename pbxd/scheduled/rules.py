"""When is it due, and what follows from a try? Pure."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pbxd.config import ScheduledSettings
from pbxd.errors import InvalidInput
from pbxd.scheduled.model import Preset, ScheduledCall, State

TOMORROW_AT = {
    Preset.MORNING: time(9, 30),
    Preset.LUNCH: time(12, 10),
    Preset.EVENING: time(18, 10),
}
FROM_NOW = {
    Preset.HALF_HOUR: timedelta(minutes=30),
    Preset.HOUR: timedelta(hours=1),
    Preset.THREE_HOURS: timedelta(hours=3),
}
FARTHEST = timedelta(days=366)


def preset_time(preset: Preset, now: datetime, zone: ZoneInfo) -> datetime:
    """When that is, UTC. "Tomorrow" is the office's (S1-13 … S1-18)."""
    if preset in FROM_NOW:
        return now + FROM_NOW[preset]
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, TOMORROW_AT[preset], zone).astimezone(UTC)


def check_due(due: datetime, now: datetime) -> datetime:
    """A time that can still come. Raises InvalidInput."""
    if due <= now:
        raise InvalidInput("due-past", "That time is over; choose a later one.", field="due")
    if due - now > FARTHEST:
        raise InvalidInput("due-far", "Choose a time within a year.", field="due")
    return due


def too_late(call: ScheduledCall, now: datetime, settings: ScheduledSettings) -> bool:
    """Nobody could dial at its time, and now it would surprise both sides."""
    return now - call.next_at > timedelta(minutes=settings.late_minutes)


def after_failure(
    call: ScheduledCall, now: datetime, reason: str, settings: ScheduledSettings
) -> ScheduledCall:
    """Try again later, or give up."""
    if call.attempts >= settings.tries:
        return dataclasses.replace(call, state=State.FAILED, reason=reason)
    again = now + timedelta(minutes=settings.every_minutes)
    return dataclasses.replace(call, state=State.PENDING, next_at=again, reason=reason)


def remind_at(call: ScheduledCall, settings: ScheduledSettings) -> datetime | None:
    """When its agent hears that it is near; None: not (any more)."""
    if call.reminded or call.attempts or not settings.remind_minutes:
        return None
    return call.due_at - timedelta(minutes=settings.remind_minutes)
