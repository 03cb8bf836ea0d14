"""After a log-in Asterisk is asked who is held: events that were missed do not come again."""

from __future__ import annotations

from pbxd.ami.events import BridgeLeave
from pbxd.calls.model import LegState
from pbxd.calls.tracker import Tracker
from pbxd.events import LegHeld, LegResumed
from tests.unit.calls.replay import ami_events, new_tracker


def talking() -> Tracker:
    """Somebody outside talks with 101."""
    tracker = new_tracker()
    for event in ami_events("inbound_answered"):
        if isinstance(event, BridgeLeave):
            break
        tracker.apply(event)
    return tracker


def test_who_is_held_and_who_was_taken_back() -> None:
    tracker = talking()
    (call,) = tracker.calls()
    customer, agent = (leg for leg in call.legs if leg.talking)
    at = call.started_at
    held = tracker.held(frozenset({customer.id}), at)
    assert [(type(event), event.leg.id) for event in held] == [(LegHeld, agent.id)]  # type: ignore[attr-defined]
    assert tracker.held(frozenset({customer.id}), at) == []
    back = tracker.held(frozenset(), at)
    assert [(type(event), event.leg.id) for event in back] == [(LegResumed, agent.id)]  # type: ignore[attr-defined]
    assert tracker.held(frozenset({"of nobody"}), at) == []
    assert all(leg.state is not LegState.HELD for leg in tracker.calls()[0].legs)
