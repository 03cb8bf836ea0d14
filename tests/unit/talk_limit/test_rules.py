"""When a call is warned and when its time is over."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.calls.model import LegState
from pbxd.errors import InvalidInput
from pbxd.talk_limit.model import How, Progress, Rule
from pbxd.talk_limit.rules import check, due, limit, limited, shown_from
from tests.unit.desk.cast import at, incoming

RULE = Rule(on=True)
CALL = incoming(LegState.UP)
ANSWERED = 3  # seconds after the beginning, in the cast


def test_a_call_goes_through_notice_and_end() -> None:
    fresh = limit(RULE, CALL, Progress("1.1"))
    assert due(fresh, at(ANSWERED)) == (None, shown_from(fresh))
    assert due(fresh, shown_from(fresh)) == (None, fresh.warn_at)
    assert due(fresh, at(ANSWERED + 15 * 60)) == (How.WARNED, None)
    warned = limit(RULE, CALL, Progress("1.1", warned_at=at(903)))
    assert due(warned, at(ANSWERED + 15 * 60 + 1)) == (None, at(ANSWERED + 20 * 60))
    assert due(warned, at(ANSWERED + 20 * 60)) == (How.OVER, None)


def test_nothing_more_is_due_once_it_is_over() -> None:
    over = limit(RULE, CALL, Progress("1.1", at(903), over_at=at(1300)))
    assert due(over, at(9999)) == (None, None)


def test_a_notice_that_was_slept_through_is_not_made_up_for_after_the_end() -> None:
    fresh = limit(RULE, CALL, Progress("1.1"))
    assert due(fresh, at(ANSWERED + 21 * 60)) == (How.OVER, None)


def test_extensions_are_counted() -> None:
    rule = dataclasses.replace(RULE, most_extensions=1)
    assert limit(rule, CALL, Progress("1.1")).can_extend
    once = limit(rule, CALL, Progress("1.1", extensions=1))
    assert not once.can_extend
    assert once.end_at == at(ANSWERED + 25 * 60)


@given(
    extensions=st.integers(0, 5),
    warned=st.booleans(),
    seconds=st.integers(0, 4 * 3600),
)
def test_a_moment_to_look_again_is_never_past(extensions: int, warned: bool, seconds: int) -> None:
    progress = Progress("1.1", at(903) if warned else None, extensions)
    now = at(seconds)
    what, again = due(limit(RULE, CALL, progress), now)
    assert (what is None) is (again is not None)
    assert again is None or timedelta(0) < again - now <= timedelta(hours=2)


def test_which_calls_are_limited() -> None:
    outgoing = dataclasses.replace(RULE, incoming=False, outgoing=True)
    assert limited(RULE, CALL)
    assert not limited(outgoing, CALL)
    assert not limited(Rule(), CALL), "the office has not switched it on"
    assert not limited(RULE, incoming()), "it still rings"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"warn_seconds": 0}, "warn_seconds"),
        ({"end_seconds": 241 * 60}, "end_seconds"),
        ({"warn_seconds": 1200, "end_seconds": 1200}, "end_seconds"),
        ({"extend_seconds": -60}, "extend_seconds"),
        ({"most_extensions": 100}, "most_extensions"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(wrong: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check(dataclasses.replace(RULE, **wrong))  # type: ignore[arg-type]
    assert refusal.value.field == field
