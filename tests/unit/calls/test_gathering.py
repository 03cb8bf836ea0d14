"""Rows by call: calls that are joined, calls side by side, and the place to read again from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pbxd.calls.cel import CelRow
from pbxd.calls.gathering import Gathering

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Log:
    """Feeds rows one after the other, each a second and a hundred bytes later."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.count = 0

    def say(self, kind: str, channel: str, linkedid: str) -> list[CelRow] | None:
        at = NOON + timedelta(seconds=self.count)
        row = CelRow(kind, at, channel, linkedid, "", "", "", "", "", {})
        place = (0, self.count * 100)
        self.count += 1
        return self.gathering.add(place, row)


def test_calls_side_by_side_end_each_with_its_own_rows() -> None:
    log = Log()
    log.say("CHAN_START", "a", "a")
    log.say("CHAN_START", "b", "b")
    log.say("CHAN_END", "a", "a")
    whole = log.say("LINKEDID_END", "a", "a")
    assert whole is not None
    assert {row.linkedid for row in whole} == {"a"}
    assert log.gathering.first() == (0, 100)
    assert list(log.gathering.unfinished()) == ["b"]


def test_a_joined_call_is_one_and_its_rows_stand_by_time() -> None:
    log = Log()
    log.say("CHAN_START", "a", "a")
    log.say("CHAN_START", "b", "b")
    assert log.say("LINKEDID_END", "b", "b") is None  # b lives on, under a
    log.say("BRIDGE_ENTER", "a", "a")
    log.say("BRIDGE_ENTER", "b", "a")
    assert log.gathering.first() == (0, 0)
    log.say("CHAN_END", "b", "a")
    log.say("CHAN_END", "a", "a")
    whole = log.say("LINKEDID_END", "a", "a")
    assert whole is not None
    assert [row.uniqueid for row in whole[:2]] == ["a", "b"]
    assert len(whole) == log.count - 1
    assert log.gathering.first() is None


def test_an_end_of_what_never_began_is_nothing() -> None:
    log = Log()
    assert log.say("LINKEDID_END", "a", "a") is None
    assert log.gathering.first() is None
