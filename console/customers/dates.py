"""Birthdays and wedding days: solar or lunar, with leap months, with or without a year. Pure.

Korea's lunar calendar is not always Taiwan's (the new moon may fall on another day), so each
office counts by its own. Ages are 만 나이, full years (Civil Act of Korea, article 158).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from korean_lunar_calendar import KoreanLunarCalendar
from lunardate import LunarDate

from pbxd.errors import InvalidInput

FIRST, LAST = 1850, 2100  # years that a person may enter
_WRITTEN = re.compile(r"(?:(\d{4})[-./ ]?)?(\d{1,2})[-./ ]?(\d{1,2})")
_ROC = re.compile(
    r"(民國|民国)?\s*(\d{1,4})[-./年 ]+(\d{1,2})[-./月 ]+(\d{1,2})日?|()(\d{3})(\d{2})(\d{2})"
)
_KEPT = re.compile(r"(\d{4})-(\d{2})-(\d{2})([SLR])")


class Calendar(StrEnum):
    """How a day is counted."""

    SOLAR = "S"
    LUNAR = "L"
    LEAP = "R"  # lunar, in a leap month


@dataclass(frozen=True, slots=True)
class Anniversary:
    """A day of the year; `year` 0: not known."""

    year: int
    month: int
    day: int
    calendar: Calendar = Calendar.SOLAR

    @property
    def kept(self) -> str:
        """As the store has it: `1980-03-05S`."""
        return f"{self.year:04}-{self.month:02}-{self.day:02}{self.calendar}"

    @property
    def month_day(self) -> int:
        """`305`: to find birthdays of a month or a day, as counted in its calendar."""
        return self.month * 100 + self.day

    @property
    def written(self) -> str:
        """As people type it: `1980-03-05`, `03-05`."""
        day = f"{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{day}" if self.year else day


def read(kept: str) -> Anniversary | None:
    """From `Anniversary.kept`; None for ""."""
    found = _KEPT.fullmatch(kept)
    if found is None:
        return None
    year, month, day, calendar = found.groups()
    return Anniversary(int(year), int(month), int(day), Calendar(calendar))


def typed(text: str, calendar: Calendar, country: str, field: str) -> Anniversary | None:
    """What somebody typed; None for nothing. Raises InvalidInput: no such day in that calendar."""
    text = text.strip()
    if not text:
        return None
    if (roc := _roc(text, country)) is not None:
        year, month, day = roc
    elif found := _WRITTEN.fullmatch(text):
        year, month, day = int(found[1] or 0), int(found[2]), int(found[3])
    else:
        raise InvalidInput("day-form", "Write a day like 1980-03-05 or 03-05.", field=field)
    if year and not FIRST <= year <= LAST:
        raise InvalidInput("day-year", "The year {year} cannot be right.", field=field, year=year)
    made = Anniversary(year, month, day, calendar)
    if not _exists(made, country):
        if calendar is Calendar.SOLAR:
            raise InvalidInput("no-such-day", "There is no such day.", field=field)
        raise InvalidInput(
            "no-such-lunar-day",
            "The lunar calendar has no such day: look whether the month has 30 days and whether it"
            " is a leap month.",
            field=field,
        )
    return made


def _roc(text: str, country: str) -> tuple[int, int, int] | None:
    """`民國57年1月26日`, `57.01.26`, `0057.01.26`, `0570126`; two digits only in Taiwan."""
    found = _ROC.fullmatch(text)
    if found is None:
        return None
    name, year, month, day = found.groups()[:4] if found[2] else found.groups()[4:]
    short = len(year) < 3
    if not name and (int(year) >= 1000 or (short and country != "TW")):
        return None
    return int(year) + 1911, int(month), int(day)


def solar(day: Anniversary, country: str) -> date | None:
    """The solar date of that day; None without a year or outside of the calendar's tables."""
    return None if day.year == 0 else in_year(day, day.year, country)


def in_year(day: Anniversary, year: int, country: str) -> date | None:
    """When it falls in a (lunar, for lunar ones) year; None where it does not.

    A day that a year lacks is kept on the last one before: February 29 on the 28th, the lunar 30th
    on the 29th, a leap month's day in the plain month.
    """
    if day.calendar is Calendar.SOLAR:
        return _solar(year, day.month, day.day)
    for leap in (True, False) if day.calendar is Calendar.LEAP else (False,):
        for number in (day.day, day.day - 1):
            if number and (found := lunar_to_solar(year, day.month, number, leap, country)):
                return found
    return None


def following(day: Anniversary, after: date, country: str) -> date | None:
    """The first time on or after `after`. None: the calendar's tables end."""
    for year in (after.year - 1, after.year, after.year + 1):
        found = in_year(day, year, country)
        if found is not None and found >= after:
            return found
    return None


def age(born: date, today: date) -> int:
    """Full years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def lunar_of(day: date, country: str) -> Anniversary | None:
    """A solar date in the lunar calendar."""
    if country == "TW":
        try:
            lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
        except (ValueError, IndexError):
            return None
        calendar = Calendar.LEAP if lunar.is_leap_month else Calendar.LUNAR
        return Anniversary(lunar.year, lunar.month, lunar.day, calendar)
    korean = KoreanLunarCalendar()
    if not korean.setSolarDate(day.year, day.month, day.day):
        return None
    calendar = Calendar.LEAP if korean.isIntercalation else Calendar.LUNAR
    return Anniversary(korean.lunarYear, korean.lunarMonth, korean.lunarDay, calendar)


def lunar_to_solar(year: int, month: int, day: int, leap: bool, country: str) -> date | None:
    """None: there is no such day."""
    if country == "TW":
        try:
            found = LunarDate(year, month, day, leap).to_solar_date()
        except (ValueError, IndexError):
            return None
        return _same(found, Anniversary(year, month, day, _lunar(leap)), country)
    korean = KoreanLunarCalendar()
    if not korean.setLunarDate(year, month, day, leap):
        return None
    found = date(korean.solarYear, korean.solarMonth, korean.solarDay)
    return _same(found, Anniversary(year, month, day, _lunar(leap)), country)


def _same(found: date, wanted: Anniversary, country: str) -> date | None:
    # both libraries take some days that a month lacks for the next month's first
    return found if lunar_of(found, country) == wanted else None


def _lunar(leap: bool) -> Calendar:
    return Calendar.LEAP if leap else Calendar.LUNAR


def _solar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        if (month, day) == (2, 29):
            return date(year, 2, 28)
        return None


def _exists(day: Anniversary, country: str) -> bool:
    if not 1 <= day.month <= 12 or not 1 <= day.day <= 31:
        return False
    if day.calendar is Calendar.SOLAR:
        try:
            date(day.year or 2000, day.month, day.day)
        except ValueError:
            return False
        return True
    if day.day > 30:
        return False
    if day.year == 0:
        return True
    leap = day.calendar is Calendar.LEAP
    known = lunar_to_solar(day.year, 1, 1, False, country) is not None
    return not known or lunar_to_solar(day.year, day.month, day.day, leap, country) is not None


def anniversaries_on(day: date, country: str) -> tuple[tuple[int, str], ...]:
    """(month_day, calendars as letters) that fall on `day`: to find today's birthdays."""
    found: list[tuple[int, str]] = [(day.month * 100 + day.day, "S")]
    if (day.month, day.day) == (2, 28) and _solar(day.year, 2, 29) == day:
        found.append((229, "S"))
    lunar = lunar_of(day, country)
    if lunar is not None:
        letters = [lunar.calendar.value]
        # leap month's birthdays in years that do not have that month twice
        leap = lunar_to_solar(lunar.year, lunar.month, 1, True, country)
        if lunar.calendar is Calendar.LUNAR and leap is None:
            letters.append(Calendar.LEAP.value)
        days = [lunar.month_day]
        tomorrow = lunar_of(day + timedelta(days=1), country)
        if lunar.day == 29 and tomorrow is not None and tomorrow.day == 1:
            days.append(lunar.month * 100 + 30)
        found += [(month_day, letter) for month_day in days for letter in letters]
    return tuple(found)


def anniversaries_between(first: date, last: date, country: str) -> dict[str, set[int]]:
    """By calendar letter the month_days that fall on one of these days."""
    found: dict[str, set[int]] = {}
    for number in range((last - first).days + 1):
        for month_day, letter in anniversaries_on(first + timedelta(days=number), country):
            found.setdefault(letter, set()).add(month_day)
    return found
