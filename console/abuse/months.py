"""A month in the office's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def bounds(first: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month's beginning and end, UTC."""
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(next_month(first), time(), zone)
    return begin.astimezone(UTC), end.astimezone(UTC)
