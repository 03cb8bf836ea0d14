"""What was missed is put right from Asterisk's own list: no ghost, no lost call, no stuck ring."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import msgspec
import pytest

from pbxd.ami import events as ami
from pbxd.ami.events import AmiEvent, Channel, ChannelState
from pbxd.ami.snapshot import ChannelRow
from pbxd.calls.model import CallState, LegState, Outcome
from pbxd.calls.tracker import Tracker
from pbxd.events import CallAnswered, CallEnded, CallStarted, Event
from tests.unit.calls.replay import SCENES, ami_events, new_tracker

EVENTS = ami_events("inbound_answered")


def listed(events: list[AmiEvent]) -> tuple[ChannelRow, ...]:
    """Asterisk's channel list after these events, kept independently of the tracker."""
    found: dict[str, Channel] = {}
    for event in events:
        for said in (getattr(event, "channel", None), getattr(event, "destination", None)):
            if isinstance(said, Channel) and (
                isinstance(event, ami.Newchannel) or said.uniqueid in found
            ):
                found[said.uniqueid] = said
        if isinstance(event, ami.Rename):
            old = found[event.channel.uniqueid]
            found[old.uniqueid] = msgspec.structs.replace(old, name=event.new_name)
        elif isinstance(event, ami.Hangup):
            found.pop(event.channel.uniqueid, None)
    return tuple(ChannelRow(channel) for channel in found.values())


def after(tracker: Tracker, events: list[AmiEvent]) -> list[Event]:
    return [said for event in events for said in tracker.apply(event)]


def until(kind: type[AmiEvent], state: ChannelState, leg: int) -> int:
    """How many events there are before the channel numbered `leg` gets into `state`."""
    ids = list(dict.fromkeys(e.channel.uniqueid for e in EVENTS if isinstance(e, ami.Newchannel)))
    return next(
        n
        for n, e in enumerate(EVENTS)
        if isinstance(e, ami.Newstate) and isinstance(e, kind)
        and e.channel.uniqueid == ids[leg] and e.channel.state is state
    )  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_whoever_saw_everything_agrees_with_asterisk_at_every_moment(scene: str) -> None:
    tracker = new_tracker()
    events = ami_events(scene)
    for n, event in enumerate(events):
        tracker.apply(event)
        assert tracker.differences(listed(events[: n + 1])) == frozenset(), n


def test_an_answer_during_the_links_absence_stops_the_ringing() -> None:
    tracker = new_tracker()
    answered = until(ami.Newstate, ChannelState.UP, leg=1)
    after(tracker, EVENTS[:answered])
    (ringing,) = tracker.calls()
    assert ringing.state is CallState.RINGING
    now = EVENTS[answered].at + timedelta(seconds=2)
    said = tracker.repair(listed(EVENTS[: answered + 1]), now)
    (answer,) = [one for one in said if isinstance(one, CallAnswered)]
    assert answer.leg.party.extension == "101"
    (call,) = tracker.calls()
    assert call.state is CallState.UP
    assert not call.end_known  # we do not know when he answered
    (end,) = [e for e in after(tracker, EVENTS[answered + 1 :]) if isinstance(e, CallEnded)]
    assert end.call.outcome is Outcome.ANSWERED


def test_a_phone_that_began_to_ring_unseen_rings() -> None:
    tracker = new_tracker()
    rang = until(ami.Newstate, ChannelState.RINGING, leg=1)
    after(tracker, EVENTS[:rang])
    tracker.repair(listed(EVENTS[: rang + 1]), EVENTS[rang].at)
    (call,) = tracker.calls()
    assert [leg.state for leg in call.legs_of("101")] == [LegState.RINGING]


def test_a_call_never_seen_begins_with_its_age() -> None:
    tracker = new_tracker()
    answered = until(ami.Newstate, ChannelState.UP, leg=1)
    now = EVENTS[answered].at
    rows = [dataclasses.replace(row, duration_s=7) for row in listed(EVENTS[: answered + 1])]
    said = tracker.repair(rows, now)
    assert len([one for one in said if isinstance(one, CallStarted)]) == 1
    (call,) = tracker.calls()
    assert call.started_at == now - timedelta(seconds=7)
    assert call.state is CallState.UP
    assert not call.end_known


def test_only_what_differed_twice_is_repaired() -> None:
    tracker = new_tracker()
    rows = listed(EVENTS[: until(ami.Newstate, ChannelState.RINGING, leg=1)])
    assert tracker.repair(rows, EVENTS[0].at, only=frozenset()) == []
    assert tracker.repair(rows, EVENTS[0].at, only=tracker.differences(rows))


def test_asterisks_list_may_name_a_channel_that_we_saw_end() -> None:
    tracker = new_tracker()
    after(tracker, EVENTS)
    orphan = listed(EVENTS[: until(ami.Newstate, ChannelState.UP, leg=1)])
    assert orphan
    assert tracker.repair(orphan, EVENTS[-1].at) == []
    assert tracker.calls() == ()


def test_a_call_whose_beginning_escaped_us_is_asked_for_later() -> None:
    tracker = new_tracker()
    answered = until(ami.Newstate, ChannelState.UP, leg=1)
    (end,) = [e for e in after(tracker, EVENTS[answered:]) if isinstance(e, CallEnded)]
    assert not end.call.end_known
