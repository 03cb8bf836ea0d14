"""Which backups are kept, and when one is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.backup.rules import Policy, due, kept

SEOUL = ZoneInfo("Asia/Seoul")
TWO = Policy(last=2, daily=0, weekly=0, monthly=0)
EVENING = datetime(2026, 11, 21, 17, 55, tzinfo=SEOUL)


def evenings(days: int) -> list[datetime]:
    return [(EVENING - timedelta(days=n)).astimezone(UTC) for n in range(days)]


def test_two_generations() -> None:
    made = evenings(5)
    assert kept(made, TWO, SEOUL) == set(made[:2])
    assert kept([], TWO, SEOUL) == frozenset()


def test_a_year_of_evenings() -> None:
    made = evenings(400)
    keep = sorted(kept(made, Policy(last=1, daily=7, weekly=4, monthly=12), SEOUL), reverse=True)
    assert keep[:7] == made[:7]
    assert len(keep) <= 7 + 3 + 11
    local = [one.astimezone(SEOUL) for one in keep]
    assert {f"{one:%Y-%m}" for one in local} == {f"2026-{n:02d}" for n in range(1, 12)} | {
        "2025-12"
    }
    assert max(one.day for one in local[-10:]) >= 28, "the last one of a month"


@given(
    st.sets(st.integers(0, 3 * 365 * 24 * 60), max_size=60),
    st.builds(
        Policy,
        last=st.integers(1, 5),
        daily=st.integers(0, 9),
        weekly=st.integers(0, 9),
        monthly=st.integers(0, 9),
    ),
)
def test_the_newest_is_never_thrown_away_and_the_rule_is_stable(
    minutes_ago: set[int], policy: Policy
) -> None:
    made = [(EVENING - timedelta(minutes=one)).astimezone(UTC) for one in minutes_ago]
    keep = kept(made, policy, SEOUL)
    assert keep <= set(made)
    if made:
        assert max(made) in keep
    assert kept(keep, policy, SEOUL) == keep, "asked again it throws nothing more away"


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, EVENING - timedelta(hours=5), True),  # none yet
        (EVENING - timedelta(days=1), EVENING - timedelta(minutes=1), False),
        (EVENING - timedelta(days=1), EVENING, True),
        (EVENING + timedelta(seconds=5), EVENING + timedelta(minutes=1), False),
        (EVENING - timedelta(days=3), EVENING + timedelta(hours=14), True),  # the machine was off
    ],
)
def test_due(last: datetime | None, now: datetime, is_due: bool) -> None:
    assert due(Policy(at=time(17, 55)), last, now, SEOUL) is is_due
    assert not due(Policy(automatic=False), last, now, SEOUL)
