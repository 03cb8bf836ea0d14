"""When is it open: the same answer in pbxd and, from AstDB, in the dialplan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.errors import InvalidInput
from pbxd.hours import rules
from pbxd.hours.holidays import Holidays
from pbxd.hours.model import DAY, DayPlan, Kind, Mode, Schedule, SpecialDay, Week

SEOUL = ZoneInfo("Asia/Seoul")
OFFICE = rules.plan("09:00", "18:00", "12:00", "13:00")
WEEK = cast(Week, (OFFICE,) * 5 + (None, None))
SCHEDULE = Schedule("S", "사무실", week=WEEK)
NO_HOLIDAY = Holidays("KR")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)


def kind(schedule: Schedule, text: str, *special: SpecialDay) -> Kind:
    return rules.Calendar(schedule, special, NO_HOLIDAY).kind(at(text), SEOUL)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-23T08:59", Kind.CLOSED),
        ("2026-11-23T09:00", Kind.OPEN),
        ("2026-11-23T11:59", Kind.OPEN),
        ("2026-11-23T12:00", Kind.LUNCH),
        ("2026-11-23T13:00", Kind.OPEN),
        ("2026-11-23T18:00", Kind.CLOSED),
        ("2026-11-21T10:00", Kind.CLOSED),  # Saturday
        ("2026-12-25T10:00", Kind.HOLIDAY),
        ("2026-08-17T10:00", Kind.HOLIDAY),  # Liberation Day 2026 is a Saturday: its substitute
        ("2026-02-17T10:00", Kind.HOLIDAY),  # Lunar New Year
    ],
)
def test_an_office(when: str, expected: Kind) -> None:
    assert kind(SCHEDULE, when) is expected


def test_taiwan_has_its_own_holidays() -> None:
    taiwan = Holidays("TW")
    assert taiwan(date(2026, 10, 10))
    assert not taiwan(date(2026, 10, 12))
    assert taiwan(date(2026, 10, 9)), "a Saturday's holiday is taken on the Friday before"


def test_special_days_win_over_holidays_and_weekdays() -> None:
    christmas = date(2026, 12, 25)
    usual = SpecialDay("1", "", christmas, "정상 근무", Mode.USUAL)
    short = SpecialDay("2", "S", christmas, "오전만", Mode.HOURS, rules.plan("09:00", "12:00"))
    closed = SpecialDay("3", "", date(2026, 11, 23), "창립기념일", Mode.CLOSED)
    assert kind(SCHEDULE, "2026-12-25T10:00", usual) is Kind.OPEN
    assert kind(SCHEDULE, "2026-12-25T14:00", usual, short) is Kind.CLOSED
    assert kind(SCHEDULE, "2026-11-23T10:00", closed) is Kind.HOLIDAY


def test_a_night_ends_on_the_next_day_also_where_that_one_is_closed() -> None:
    night = cast(Week, (None,) * 4 + (rules.plan("22:00", "06:00", "02:00", "03:00"), None, None))
    schedule = Schedule("S", "야간", week=night, holidays=False)
    assert kind(schedule, "2026-11-20T23:00") is Kind.OPEN  # Friday
    assert kind(schedule, "2026-11-21T02:30") is Kind.LUNCH
    assert kind(schedule, "2026-11-21T05:59") is Kind.OPEN
    assert kind(schedule, "2026-11-21T06:00") is Kind.CLOSED
    assert kind(schedule, "2026-11-20T05:00") is Kind.CLOSED
    off = SpecialDay("1", "", date(2026, 11, 20), "휴무", Mode.CLOSED)
    assert kind(schedule, "2026-11-21T05:00", off) is Kind.CLOSED, "that night was not worked"


def test_round_the_clock() -> None:
    plan = rules.plan("00:00", "00:00")
    always = Schedule("S", "24시간", week=cast(Week, (plan,) * 7), holidays=False)
    for hour in range(24):
        assert kind(always, f"2026-11-21T{hour:02}:00") is Kind.OPEN


def test_the_switch_closes_until_its_time() -> None:
    until = at("2026-11-23T11:00")
    shut = Schedule("S", "사무실", week=WEEK, closed_now=True, closed_until=until)
    assert kind(shut, "2026-11-23T10:59") is Kind.CLOSED
    assert kind(shut, "2026-11-23T11:00") is Kind.OPEN


def test_when_it_changes_next() -> None:
    calendar = rules.Calendar(SCHEDULE, (), NO_HOLIDAY)
    assert calendar.changes(at("2026-11-20T17:30"), SEOUL) == at("2026-11-20T18:00")
    assert calendar.changes(at("2026-11-20T19:00"), SEOUL) == at("2026-11-23T09:00")
    never = Schedule("S", "닫음", week=(None,) * 7, holidays=False)
    assert rules.Calendar(never, (), NO_HOLIDAY).changes(at("2026-11-20T19:00"), SEOUL) is None


@pytest.mark.parametrize(
    "typed",
    [
        ("9", "18:00"),
        ("09:00", ""),
        ("25:00", "26:00"),
        ("09:00", "18:00", "12:00", ""),
        ("09:00", "18:00", "19:00", "20:00"),
        ("09:00", "18:00", "13:00", "12:00"),
        ("0x:00", "1"),
    ],
)
def test_what_cannot_be_is_refused(typed: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        rules.plan(*typed)


@st.composite
def plans(draw: st.DrawFn) -> DayPlan | None:
    if draw(st.booleans()):
        return None
    opens = draw(st.integers(0, DAY - 1))
    closes = draw(st.integers(opens + 1, opens + DAY))
    if draw(st.booleans()):
        return DayPlan(opens, closes)
    first, second = sorted((draw(st.integers(opens, closes)), draw(st.integers(opens, closes))))
    return DayPlan(opens, closes, first, second) if first < second else DayPlan(opens, closes)


START = date(2026, 11, 20)


@given(
    week=st.tuples(*[plans()] * 7),
    days=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(Mode), plans()), max_size=5),
    minute=st.integers(0, 40 * DAY),
    holidays=st.booleans(),
)
def test_the_dialplan_says_what_pbxd_says(
    week: tuple[DayPlan | None, ...],
    days: list[tuple[int, Mode, DayPlan | None]],
    minute: int,
    holidays: bool,
) -> None:
    schedule = Schedule("S", "x", week=cast(Week, week), holidays=holidays)
    special = [
        SpecialDay(str(n), "", START + timedelta(days=ahead), "x", mode, plan)
        for n, (ahead, mode, plan) in enumerate(days)
        if mode is not Mode.HOURS or plan is not None
    ]
    moment = datetime(2026, 11, 20, tzinfo=SEOUL) + timedelta(minutes=minute)
    entries = rules.mirror([schedule], special, START, NO_HOLIDAY, lambda line: [line])
    calendar = rules.Calendar(schedule, special, NO_HOLIDAY)
    assert rules.look_up(entries, "0255500100", moment, SEOUL) is calendar.kind(moment, SEOUL)
