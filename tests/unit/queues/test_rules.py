"""What a queue may be and what it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.errors import Conflict
from pbxd.queues.model import SLOTS, Queue, Strategy, Today
from pbxd.queues.rules import free_slot, longest_wait

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@given(st.lists(st.sampled_from(Strategy), max_size=60))
def test_no_two_queues_share_one_of_asterisk(kinds: list[Strategy]) -> None:
    made: list[Queue] = []
    for number, kind in enumerate(kinds):
        if sum(one.strategy is kind for one in made) == SLOTS:
            with pytest.raises(Conflict):
                free_slot(kind, made)
            continue
        made.append(Queue(f"q{number}", "상담", strategy=kind, slot=free_slot(kind, made)))
    names = [one.asterisk_name for one in made]
    assert len(set(names)) == len(names)
    assert all(1 <= one.slot <= SLOTS for one in made)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_service_level_is_a_share_of_all_callers(
    in_time: int, late: int, abandoned: int
) -> None:
    level = Today(in_time + late, abandoned, in_time).service_level
    if in_time + late + abandoned == 0:
        assert level is None
        return
    assert level is not None
    assert 0 <= level <= 100
    if late == abandoned == 0:
        assert level == 100
    if in_time == 0:
        assert level == 0


@given(st.lists(st.integers(0, 3600), max_size=20))
def test_the_longest_wait_is_the_first_callers(seconds: list[int]) -> None:
    waiting = {f"c{n}": NOW - timedelta(seconds=s) for n, s in enumerate(seconds)}
    assert longest_wait(waiting, NOW) == max(seconds, default=0)
