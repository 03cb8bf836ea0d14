"""Days and times as forms send them: of the office's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator


def _or_none(typed: object) -> object:
    return None if typed == "" else typed


OptionalDay = Annotated[date | None, BeforeValidator(_or_none)]  # an empty field is no day


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When that day begins in the office, UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When that day is over in the office, UTC."""
    return start_of(day + timedelta(days=1), zone)


def moment(typed: str, zone: ZoneInfo) -> datetime:
    """`2026-11-21T18:10` of the office's clock, UTC. Raises ValueError."""
    return datetime.fromisoformat(typed).replace(tzinfo=zone).astimezone(UTC)
