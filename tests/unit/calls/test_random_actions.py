"""Whatever people do, and whatever the network does to the news of it.

No call is without legs, every call ends once, no leg goes backwards, and after a look at Asterisk's
list we are right again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxd.ami.events import AmiEvent
from pbxd.calls.model import LegState
from pbxd.calls.parties import Endpoints
from pbxd.calls.tracker import Tracker
from pbxd.events import CallEnded, CallEvent, CallsMerged, CallStarted, Event
from tests.unit.calls.small_pbx import EXTENSIONS, SmallPbx

ENDPOINTS = Endpoints(r"[1-9][0-9]{1,3}", ("city",))
NEXT = {  # the states that may follow
    LegState.DIALLING: {LegState.DIALLING, LegState.RINGING, LegState.UP, LegState.ENDED},
    LegState.RINGING: {LegState.RINGING, LegState.UP, LegState.ENDED},
    LegState.UP: {LegState.UP, LegState.HELD, LegState.ENDED},
    LegState.HELD: {LegState.HELD, LegState.UP, LegState.ENDED},
    LegState.ENDED: {LegState.ENDED},
}

action = st.tuples(
    st.sampled_from(
        ("in", "out", "inside", "answer", "answer", "answer", "hang_up", "hold", "transfer",
         "consult", "join", "join")
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)  # fmt: skip


def play(pbx: SmallPbx, steps: Iterable[tuple[str, int, int]]) -> None:
    """Let people do these things."""
    for verb, first, second in steps:
        extension, other = EXTENSIONS[first % 3], EXTENSIONS[second % 3]
        if verb == "in":
            pbx.call_in()
        elif verb == "out":
            pbx.call_out(extension)
        elif verb == "inside":
            pbx.call_inside(extension, other)
        elif pbx.chans:
            chan = pbx.chans[first % len(pbx.chans)]
            if verb == "join":
                pbx.join(chan, pbx.chans[second % len(pbx.chans)])
            elif verb in ("transfer", "consult"):
                getattr(pbx, verb)(chan, other if second % 4 else "city")
            else:
                getattr(pbx, verb)(chan)


class Watcher:
    """Checks each event as it is published."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.over: set[str] = set()
        self.legs: dict[str, LegState] = {}

    def see(self, events: Iterable[Event]) -> None:
        for event in events:
            assert isinstance(event, CallEvent)
            self._see(event)

    def _see(self, event: CallEvent) -> None:
        key = event.call.key
        assert event.call.legs, "a call without legs"
        if isinstance(event, CallStarted):
            assert key not in self.open | self.over, "begun twice"
            self.open.add(key)
        assert key in self.open, "a call that has not begun, or is over"
        if isinstance(event, CallsMerged):
            assert event.absorbed in self.open
            self.open.discard(event.absorbed)
            self.over.add(event.absorbed)
        if isinstance(event, CallEnded):
            self.open.discard(key)
            self.over.add(key)
            assert all(leg.state is LegState.ENDED for leg in event.call.legs)
        for leg in event.call.legs:
            before = self.legs.get(leg.id, LegState.DIALLING)
            assert leg.state in NEXT[before], f"{leg.id} from {before} to {leg.state}"
            self.legs[leg.id] = leg.state


def tracker() -> Tracker:
    keys = itertools.count()
    return Tracker(ENDPOINTS, lambda: f"K{next(keys)}")


def agrees(mine: Tracker, pbx: SmallPbx) -> None:
    """The live legs are Asterisk's channels, joined as there."""
    shown = {leg.id: leg for call in mine.calls() for leg in call.legs if leg.live}
    assert set(shown) == {chan.id for chan in pbx.chans}
    for chan in pbx.chans:
        assert shown[chan.id].bridge == chan.bridge
    for call in mine.calls():
        assert any(leg.live for leg in call.legs)


@given(st.lists(action, max_size=25))
@settings(max_examples=300, deadline=None)
def test_what_people_do(steps: list[tuple[str, int, int]]) -> None:
    pbx, mine, watcher = SmallPbx(), tracker(), Watcher()
    for step in steps:
        told = len(pbx.told)
        play(pbx, [step])
        for event in pbx.told[told:]:
            watcher.see(mine.apply(event))
        agrees(mine, pbx)
    told = len(pbx.told)
    while pbx.chans:
        pbx.hang_up(pbx.chans[0])
    for event in pbx.told[told:]:
        watcher.see(mine.apply(event))
    assert not watcher.open, "every call ends"
    assert mine.calls() == ()


def spoilt(events: list[AmiEvent], draw: st.DrawFn) -> list[AmiEvent]:
    """As a bad line brings them: some lost, some twice, some late."""
    kept: list[AmiEvent] = []
    for event in events:
        fate = draw(st.sampled_from(("kept",) * 8 + ("lost", "twice", "late")))
        if fate == "late" and kept:
            kept.insert(len(kept) - 1, event)
        elif fate != "lost":
            kept.extend([event] * (2 if fate == "twice" else 1))
    return kept


@given(st.lists(action, max_size=20), st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_bad_line_and_a_look_at_the_list(
    steps: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    pbx, mine, watcher = SmallPbx(), tracker(), Watcher()
    play(pbx, steps)
    for event in data.draw(st.composite(lambda draw: spoilt(pbx.told, draw))()):
        watcher.see(mine.apply(event))
    watcher.see(mine.repair(pbx.rows(), pbx.now))
    agrees(mine, pbx)
    told = len(pbx.told)
    while pbx.chans:
        pbx.hang_up(pbx.chans[0])
    for event in pbx.told[told:]:
        watcher.see(mine.apply(event))
    assert not watcher.open
