"""Days and times as forms send them, also in the years of Taiwan: of the office's clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

# 115.11.28, 0115.11.28, 民國115年11月28日 (六) 09時30分, 2026.11.28
_WRITTEN = re.compile(
    r"(民國|民国)?\s*(\d{1,4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?"
    r"(?:\s*[(（][^)）]*[)）])?(?:(?:\s*T|\s)\s*(\d{1,2})\s*[:時点點]\s*(\d{1,2})\s*分?)?"
)
_DIGITS = re.compile(r"^(\d{3,4})(\d{2})(\d{2})$")  # 1151128
_ROC = 1911  # year 1 of the Republic of China is 1912


def western(typed: str) -> str:
    """A day (and time) as Taiwanese write it in ISO's form; any other text as it is."""
    text = typed.strip()
    found = _WRITTEN.fullmatch(_DIGITS.sub(r"\1-\2-\3", text))
    if found is None:
        return typed
    name, year, month, day, hour, minute = found.groups()
    number = int(year) + (_ROC if name or int(year) < 1000 else 0)
    clock = f"T{int(hour):02}:{int(minute):02}" if hour is not None else ""
    return f"{number:04}-{int(month):02}-{int(day):02}{clock}"


def _or_none(typed: object) -> object:
    if not isinstance(typed, str):
        return typed
    return western(typed) if typed.strip() else None


OptionalDay = Annotated[date | None, BeforeValidator(_or_none)]  # an empty field is no day


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When that day begins in the office, UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When that day is over in the office, UTC."""
    return start_of(day + timedelta(days=1), zone)


def moment(typed: str, zone: ZoneInfo) -> datetime:
    """`2026-11-21T18:10`, `115.11.21 18:10` of the office's clock, UTC. Raises ValueError."""
    return datetime.fromisoformat(western(typed)).replace(tzinfo=zone).astimezone(UTC)
