"""The tracker under streams that are cut, repeated and mixed: no ghost, no lost call, one end."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.ami.events import AmiEvent
from pbxd.calls.tracker import Tracker
from pbxd.events import (
    CallAnswered,
    CallEnded,
    CallEvent,
    CallsMerged,
    CallStarted,
    Event,
    LegHeld,
    LegRang,
)
from tests.unit.calls.replay import LONG_AGO, SCENES, ami_events, expect_clicks, new_tracker

STREAMS = {scene: ami_events(scene) for scene in SCENES}
scenes = st.sampled_from(SCENES)


def play(tracker: Tracker, events: list[AmiEvent]) -> list[Event]:
    return [said for event in events for said in tracker.apply(event)]


def check_invariants(said: list[Event]) -> None:
    begun = Counter(e.call.key for e in said if isinstance(e, CallStarted))
    over = Counter(e.call.key for e in said if isinstance(e, CallEnded))
    over.update(e.absorbed for e in said if isinstance(e, CallsMerged))
    assert set(begun.values()) <= {1}
    assert set(over.values()) <= {1}
    assert set(over) <= set(begun)
    answered = Counter(e.leg.id for e in said if isinstance(e, CallAnswered))
    assert set(answered.values()) <= {1}
    for event in said:
        if isinstance(event, CallEvent):
            assert event.call.legs
            assert len({leg.id for leg in event.call.legs}) == len(event.call.legs)


@pytest.mark.parametrize("scene", SCENES)
def test_each_call_begins_once_and_ends_once(scene: str) -> None:
    tracker = new_tracker()
    said = play(tracker, STREAMS[scene])
    check_invariants(said)
    assert tracker.calls() == ()
    begun = [e for e in said if isinstance(e, CallStarted)]
    assert len(begun) == len([e for e in said if isinstance(e, CallEnded | CallsMerged)])


def test_the_agent_whose_phone_rings_is_named() -> None:
    said = play(new_tracker(), STREAMS["inbound_several_phones"])
    rang = [e.leg.party.extension for e in said if isinstance(e, LegRang)]
    assert sorted(rang) == ["101", "102", "103"]
    (answer,) = [e for e in said if isinstance(e, CallAnswered)]
    assert answer.leg.party.extension == "102"
    assert answer.call.callee.extension == "102"


def test_a_click_carries_who_clicked() -> None:
    tracker = new_tracker()
    expect_clicks(tracker, "click_answered")
    said = play(tracker, STREAMS["click_answered"])
    assert {e.call.clicked_by for e in said if isinstance(e, CallEvent)} == {"101"}
    assert [e.leg.party.extension for e in said if isinstance(e, LegRang)] == ["101", ""]


def test_hold_is_the_holders() -> None:
    said = play(new_tracker(), STREAMS["held_and_resumed"])
    (held,) = [e for e in said if isinstance(e, LegHeld)]
    assert held.leg.party.extension == "101"


def test_joined_calls_are_one_though_some_channels_keep_the_old_linkedid() -> None:
    said = play(new_tracker(), STREAMS["two_calls_joined"])
    begun = [e.call for e in said if isinstance(e, CallStarted)]
    (merged,) = [e for e in said if isinstance(e, CallsMerged)]
    (ended,) = [e for e in said if isinstance(e, CallEnded)]
    assert [call.key for call in begun] == [ended.call.key, merged.absorbed]
    assert ended.call.linkedid == begun[0].linkedid
    assert {leg.party.extension for leg in ended.call.legs} == {"", "101", "102"}
    assert ended.call.caller.number == "01012345678"


@given(scene=scenes, data=st.data())
def test_a_stream_cut_in_two_and_resynced_leaves_nothing_alive(
    scene: str, data: st.DataObject
) -> None:
    events = STREAMS[scene]
    cut = data.draw(st.integers(0, len(events)))
    tracker = new_tracker()
    said = play(tracker, events[:cut])
    said += tracker.repair((), LONG_AGO)
    assert tracker.calls() == ()
    said += play(tracker, events[cut:])
    said += tracker.repair((), LONG_AGO)
    check_invariants(said)
    assert tracker.calls() == ()


@given(scene=scenes, data=st.data())
def test_events_that_come_twice_change_nothing(scene: str, data: st.DataObject) -> None:
    events = STREAMS[scene]
    start = data.draw(st.integers(0, len(events)))
    end = data.draw(st.integers(start, len(events)))
    tracker = new_tracker()
    said = play(tracker, events[:end] + events[start:])
    said += tracker.repair((), LONG_AGO)
    check_invariants(said)
    assert tracker.calls() == ()


@given(order=st.lists(scenes, min_size=1, max_size=4), seed=st.randoms(use_true_random=False))
def test_streams_without_some_events_never_raise(order: list[str], seed: object) -> None:
    tracker = new_tracker()
    said: list[Event] = []
    for scene in order:
        kept = [e for e in STREAMS[scene] if seed.random() > 0.3]  # type: ignore[attr-defined]
        said += play(tracker, kept)
    said += tracker.repair((), LONG_AGO)
    check_invariants(said)
    assert tracker.calls() == ()
