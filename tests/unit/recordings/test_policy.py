"""Which calls are kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pbxd.calls.model import Direction
from pbxd.recordings.policy import Mode, Of, Policy, Special
from pbxd.recordings.rules import kept

AT = datetime(2026, 11, 21, tzinfo=UTC)
POLICY = Policy(
    incoming=Mode.DEMAND,
    outgoing=Mode.ALWAYS,
    internal=Mode.NEVER,
    specials=(
        Special(Of.QUEUE, "orders", Mode.ALWAYS),
        Special(Of.AGENT, "lawyer", Mode.NEVER),
        Special(Of.AGENT, "new", Mode.ALWAYS),
    ),
)


@pytest.mark.parametrize(
    ("direction", "queue", "agents", "mode"),
    [
        (Direction.IN, "", [], Mode.DEMAND),
        (Direction.OUT, "", ["mina"], Mode.ALWAYS),
        (Direction.INTERNAL, "", ["mina"], Mode.NEVER),
        (Direction.IN, "orders", ["mina"], Mode.ALWAYS),
        (Direction.IN, "other", ["mina"], Mode.DEMAND),
        (Direction.IN, "orders", ["lawyer"], Mode.NEVER),  # an agent's rule before a queue's
        (Direction.OUT, "", ["lawyer", "mina"], Mode.NEVER),
        (Direction.OUT, "", ["lawyer", "new"], Mode.ALWAYS),  # of two the one that keeps more
        (Direction.INTERNAL, "", ["new", "mina"], Mode.ALWAYS),
    ],
)
def test_the_nearest_rule_holds(
    direction: Direction, queue: str, agents: list[str], mode: Mode
) -> None:
    assert POLICY.mode(direction, queue, agents) is mode


def test_the_recorder_runs_where_anything_may_be_kept() -> None:
    assert all(POLICY.any(direction) for direction in Direction), "the new one's calls are kept"
    never = Policy(Mode.NEVER, Mode.NEVER, Mode.NEVER)
    assert not any(never.any(direction) for direction in Direction)
    queue = Policy(Mode.NEVER, Mode.NEVER, specials=(Special(Of.QUEUE, "q", Mode.DEMAND),))
    assert [queue.any(direction) for direction in (Direction.IN, Direction.OUT)] == [True, False]


@pytest.mark.parametrize(
    ("answered", "mode", "wished", "is_kept"),
    [
        (AT, Mode.ALWAYS, False, True),
        (AT, Mode.DEMAND, False, False),
        (AT, Mode.DEMAND, True, True),
        (AT, Mode.NEVER, True, False),
        (None, Mode.ALWAYS, True, False),
    ],
)
def test_kept(answered: datetime | None, mode: Mode, wished: bool, is_kept: bool) -> None:
    assert kept(answered, mode, wished) is is_kept
