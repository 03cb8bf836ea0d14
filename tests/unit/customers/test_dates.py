"""Birthdays: solar and lunar, Korean and Taiwanese."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.customers import dates
from console.customers.dates import Anniversary, Calendar
from pbxd.errors import InvalidInput

DAYS = st.dates(date(1905, 1, 1), date(2049, 12, 31))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1980-03-05", (1980, 3, 5)),
        ("1980.3.5", (1980, 3, 5)),
        ("19800305", (1980, 3, 5)),
        ("03-05", (0, 3, 5)),
        ("02-29", (0, 2, 29)),
        ("民國57年1月26日", (1968, 1, 26)),
        ("057.01.26", (1968, 1, 26)),
        ("0057.01.26", (1968, 1, 26)),
        ("0570126", (1968, 1, 26)),
    ],
)
def test_what_people_type(text: str, wanted: tuple[int, int, int]) -> None:
    assert dates.typed(text, Calendar.SOLAR, "KR", "b") == Anniversary(*wanted)


def test_two_digits_are_a_year_in_taiwan_only() -> None:
    """S3-79: born in 57, aged 46 in 103."""
    born = dates.typed("57.01.26", Calendar.SOLAR, "TW", "b")
    assert born == Anniversary(1968, 1, 26)
    assert dates.age(date(1968, 1, 26), date(103 + 1911, 4, 16)) == 46
    with pytest.raises(InvalidInput):
        dates.typed("57.01.26", Calendar.SOLAR, "KR", "b")


@pytest.mark.parametrize(
    ("text", "calendar", "id"),
    [
        ("1981-02-29", Calendar.SOLAR, "no-such-day"),
        ("1980-13-01", Calendar.SOLAR, "no-such-day"),
        ("gestern", Calendar.SOLAR, "day-form"),
        ("1500-01-01", Calendar.SOLAR, "day-year"),
        ("2023-01-30", Calendar.LUNAR, "no-such-lunar-day"),  # that month has 29 days
        ("2022-02-01", Calendar.LEAP, "no-such-lunar-day"),  # no leap month in that year
        ("1980-01-31", Calendar.LUNAR, "no-such-lunar-day"),
    ],
)
def test_days_that_are_none(text: str, calendar: Calendar, id: str) -> None:
    for country in ("KR", "TW"):
        with pytest.raises(InvalidInput) as refusal:
            dates.typed(text, calendar, country, "birthday")
        assert (refusal.value.id, refusal.value.field) == (id, "birthday")


def test_known_days() -> None:
    # 추석 2024 and 설날 2025; the leap second month of 2023
    assert dates.in_year(Anniversary(0, 8, 15, Calendar.LUNAR), 2024, "KR") == date(2024, 9, 17)
    assert dates.in_year(Anniversary(0, 1, 1, Calendar.LUNAR), 2025, "KR") == date(2025, 1, 29)
    assert dates.solar(Anniversary(2023, 2, 1, Calendar.LEAP), "KR") == date(2023, 3, 22)
    assert dates.in_year(Anniversary(0, 2, 29), 2023, "KR") == date(2023, 2, 28)
    # a leap month's day in a year without it: in the plain month
    assert dates.in_year(Anniversary(2023, 2, 1, Calendar.LEAP), 2024, "KR") == date(2024, 3, 10)


def test_the_two_countries_do_not_always_agree() -> None:
    differing = [
        day
        for day in (date(1997, 1, 1) + timedelta(days=n) for n in range(400))
        if dates.lunar_of(day, "KR") != dates.lunar_of(day, "TW")
    ]
    assert differing, "1997's lunar new year is a day later in Korea"


@given(DAYS, st.sampled_from(["KR", "TW"]))
def test_there_and_back(day: date, country: str) -> None:
    lunar = dates.lunar_of(day, country)
    assert lunar is not None
    assert dates.solar(lunar, country) == day
    assert dates.read(lunar.kept) == lunar


@given(DAYS, st.sampled_from(["KR", "TW"]))
@example(date(2025, 1, 28), "KR")  # the last of a month of 29 days, for who is born on a 30th
@example(date(2023, 2, 28), "TW")
def test_whose_day_it_is_comes_on_that_day(day: date, country: str) -> None:
    """Who is found for "today" is who has his day today, and the other way round."""
    found = dates.anniversaries_on(day, country)
    assert len(found) == len(set(found))
    lunar = dates.lunar_of(day, country)
    assert lunar is not None
    near = {(day.month * 100 + day.day, "S"), (229, "S")}
    near |= {(lunar.month * 100 + n, letter) for n in (lunar.day, 30) for letter in "LR"}
    for month_day, letter in near | set(found):
        born = Anniversary(0, month_day // 100, month_day % 100, Calendar(letter))
        comes = dates.following(born, day, country) == day
        assert comes == ((month_day, letter) in found), (month_day, letter)


def test_age_is_full_years() -> None:
    assert dates.age(date(1980, 3, 5), date(2026, 3, 4)) == 45
    assert dates.age(date(1980, 3, 5), date(2026, 3, 5)) == 46
