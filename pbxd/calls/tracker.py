"""Channels → legs → calls: a pure state machine.

`apply` takes one AMI event and answers what happened; nothing here reads a clock, waits or writes.
Events may come twice or late (after a resync held-back ones are applied again), so states only
move forward and what is not known any more is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from pbxd.ami import events as ami
from pbxd.ami.events import AmiEvent, Channel, ChannelState
from pbxd.ami.snapshot import ChannelRow
from pbxd.calls.comparison import differences
from pbxd.calls.line import CARRIERS, PLACES, Gone, Line, LiveCall
from pbxd.calls.model import SPY_PREFIX, Call, LegState
from pbxd.calls.outcome import outcome, reason
from pbxd.calls.parties import Endpoints, withheld
from pbxd.events import (
    CallAnswered,
    CallChanged,
    CallEnded,
    CallsMerged,
    CallStarted,
    Event,
    LegEnded,
    LegHeld,
    LegRang,
    LegResumed,
)


class Tracker:
    """All live calls; `new_key` makes a call's key (a ULID)."""

    def __init__(self, endpoints: Endpoints, new_key: Callable[[], str]) -> None:
        self._endpoints = endpoints
        self._new_key = new_key
        self._lines: dict[str, Line] = {}
        self._calls: dict[str, LiveCall] = {}  # by linkedid
        self._expected: dict[str, tuple[str, str]] = {}  # channel id → (extension, number)
        self._gone = Gone()
        self._out: list[Event] = []

    def apply(self, event: AmiEvent) -> list[Event]:
        """What follows from one event, in order."""
        handler = _HANDLERS.get(type(event))
        if handler is None:
            return []
        self._out = []
        handler(self, event)
        return self._out

    def expect(self, channel_id: str, clicked_by: str, number: str) -> None:
        """The channel `channel_id` will be extension `clicked_by`'s click-to-call to `number`."""
        self._expected[channel_id] = (clicked_by, number)

    def forget(self, channel_id: str) -> None:
        """That channel will not come."""
        self._expected.pop(channel_id, None)

    def calls(self) -> tuple[Call, ...]:
        """All live calls, oldest first."""
        calls = dict.fromkeys(self._calls.values())  # a joined call stands under several linkedids
        return tuple(call.freeze() for call in calls if call.announced)

    # --- Comparison with Asterisk's own list ---

    def differences(self, rows: Iterable[ChannelRow]) -> frozenset[str]:
        """Where Asterisk's list and we differ, as `comparison.differences` spells it."""
        return differences(self._lines, self._gone, rows)

    def repair(
        self, rows: Iterable[ChannelRow], at: datetime, only: frozenset[str] | None = None
    ) -> list[Event]:
        """Take over what Asterisk's list says (`only`: of these differences).

        Calls that ended unseen end now, `end_known` False; calls never seen begin. Whatever we
        missed in between makes `end_known` False: the event log knows the true times.
        """
        self._out = []
        rows = tuple(rows)
        wrong = self.differences(rows) if only is None else self.differences(rows) & only
        for row in sorted(rows, key=lambda row: row.duration_s, reverse=True):
            id = row.channel.uniqueid
            if id in wrong:
                self._take_over(row, at)
            elif f"~{id}" in wrong:
                self._move_on(self._lines[id], row.channel, at)
            if only is None and (line := self._lines.get(id)) is not None:
                self._joined(line, row.bridge, row.channel.context, at)
        for id in wrong:
            line = self._lines.get(id.removeprefix("-")) if id.startswith("-") else None
            if line is not None:
                line.call.end_known = False
                self._end(line, at, 0)
        return self._out

    def _take_over(self, row: ChannelRow, at: datetime) -> None:
        began = at - timedelta(seconds=row.duration_s)
        line = self._see(row.channel, began)
        if line is not None:
            self._announce(line.call, at)
            self._move_on(line, row.channel, at)
            self._joined(line, row.bridge, row.channel.context, at)

    def _move_on(self, line: Line, channel: Channel, at: datetime) -> None:
        line.call.end_known = False
        if line.name != channel.name:
            self._renamed(line, channel.name)
        self._relink(line, channel.linkedid, at)
        if line.local:
            return
        if channel.state is ChannelState.RINGING:
            self._ring(line, at)
        elif channel.state is ChannelState.UP:
            self._pick_up(line, at)

    # --- One handler for each kind of event ---

    def _new(self, event: ami.Newchannel) -> None:
        line = self._see(event.channel, event.at)
        if line is not None and not line.local:
            self._announce(line.call, event.at)

    def _state(self, event: ami.Newstate) -> None:
        line = self._line(event.channel, event.at)
        if line is None or line.local:
            return
        if event.channel.state is ChannelState.RINGING:
            self._ring(line, event.at)
        elif event.channel.state is ChannelState.UP:
            self._pick_up(line, event.at)

    def _identity(self, event: ami.NewCallerid | ami.NewConnectedLine) -> None:
        line = self._line(event.channel, event.at)
        if line is not None and not line.local and self._name(line, event.channel):
            self._out.append(CallChanged(event.at, line.call.freeze()))

    def _rename(self, event: ami.Rename) -> None:
        line = self._lines.get(event.channel.uniqueid)
        if line is not None:
            self._renamed(line, event.new_name)

    def _dial_begin(self, event: ami.DialBegin) -> None:
        if event.channel is not None:
            caller = self._line(event.channel, event.at)
            if caller is not None:
                self._joined(caller, caller.bridge, event.channel.context, event.at)
        line = self._line(event.destination, event.at)
        if line is not None and not line.extension and not line.local and not line.number:
            line.number = event.dial_string.partition("@")[0]
            line.frozen = None

    def _dial_state(self, event: ami.DialState) -> None:
        line = self._line(event.destination, event.at)
        if line is not None and event.status == "RINGING" and not line.local:
            self._ring(line, event.at)

    def _dial_end(self, event: ami.DialEnd) -> None:
        line = self._line(event.destination, event.at)
        if line is not None:
            line.dial_status = event.status
            line.frozen = None

    def _bridge(self, event: ami.BridgeEnter) -> None:
        line = self._line(event.channel, event.at)
        if line is not None:
            self._joined(line, event.bridge, event.channel.context, event.at)
            if event.members > 1:
                self._together(line, event.at)

    def _together(self, line: Line, at: datetime) -> None:
        """Who talk with each other are one call; Asterisk says so only with some later event."""
        for other in tuple(self._lines.values()):
            if other.bridge != line.bridge or other.call is line.call:
                continue
            young, old = sorted((other, line), key=lambda one: one.call.started_at)[::-1]
            self._relink(young, old.call.linkedid, at)
            call = old.call
            if call.answered_at is None and young.answered_at is not None:
                # picked up by a code: nobody answered the phone that rang
                call.answered_at, call.answered_line = at, young
                self._out.append(CallAnswered(at, call.freeze(), young.freeze()))

    def _left(self, event: ami.BridgeLeave) -> None:
        line = self._line(event.channel, event.at)
        if line is not None and line.bridge == event.bridge:
            self._joined(line, "", event.channel.context, event.at)

    def _music(self, event: ami.MusicOnHoldStart) -> None:
        line = self._line(event.channel, event.at)
        if line is not None:
            self._joined(line, line.bridge, event.channel.context, event.at)

    def held(self, ids: frozenset[str], at: datetime) -> list[Event]:
        """These channels are held by the one that each is joined with, who knows since when."""
        self._out = []
        bridges = {self._lines[id].bridge for id in ids if id in self._lines} - {""}
        for line in self._lines.values():
            if line.bridge in bridges and line.id not in ids and line.hold(at):
                self._out.append(LegHeld(at, line.call.freeze(), line.freeze()))
            elif line.bridge not in bridges and line.bridge and line.resume(at):
                self._out.append(LegResumed(at, line.call.freeze(), line.freeze()))
        return self._out

    def _hold(self, event: ami.Hold) -> None:
        line = self._line(event.channel, event.at)
        if line is not None and line.hold(event.at):
            self._out.append(LegHeld(event.at, line.call.freeze(), line.freeze()))

    def _unhold(self, event: ami.Unhold) -> None:
        line = self._line(event.channel, event.at)
        if line is not None and line.resume(event.at):
            self._out.append(LegResumed(event.at, line.call.freeze(), line.freeze()))

    def _hangup_request(self, event: ami.HangupRequest) -> None:
        line = self._line(event.channel, event.at)
        if line is not None and not event.soft:  # soft: the dialplan ended it, nobody hung up
            line.asked_to_end = True

    def _hangup(self, event: ami.Hangup) -> None:
        line = self._lines.get(event.channel.uniqueid)
        if line is not None:
            self._relink(line, event.channel.linkedid, event.at)
            line.left_at = (event.channel.context, event.channel.exten)
            self._end(line, event.at, event.cause)

    # --- Shared steps ---

    def _joined(self, line: Line, bridge: str, context: str, at: datetime) -> None:
        """Where the line's media are, and at which place of ours its channel is."""
        place = context if context in PLACES else ""
        if (line.bridge, line.place) == (bridge, place):
            return
        line.bridge, line.place, line.frozen = bridge, place, None
        if not line.local and line.ended_at is None:
            self._out.append(CallChanged(at, line.call.freeze()))

    def _line(self, channel: Channel, at: datetime) -> Line | None:
        """The line of `channel`, in the call that its linkedid says."""
        line = self._lines.get(channel.uniqueid)
        if line is None:
            line = self._see(channel, at)
            if line is None:
                return None
            line.call.end_known = False  # its beginning has escaped us
            if not line.local:
                self._announce(line.call, at)
        elif channel.linkedid and channel.linkedid != line.linkedid:
            self._relink(line, channel.linkedid, at)
        return line

    def _see(self, channel: Channel, at: datetime) -> Line | None:
        """A channel we did not know (None: it has ended already)."""
        id = channel.uniqueid
        if id in self._gone or id.startswith(SPY_PREFIX):
            return None
        if (known := self._lines.get(id)) is not None:
            return known
        call = self._calls.get(channel.linkedid)
        if call is None:
            call = LiveCall(self._new_key(), channel.linkedid, at, dialled=channel.exten)
            call.linkedids.append(channel.linkedid)
            self._calls[channel.linkedid] = call
        endpoint = channel.endpoint
        line = Line(
            id=id,
            name=channel.name,
            endpoint=endpoint,
            linkedid=channel.linkedid,
            extension=self._endpoints.extension(endpoint),
            local=channel.technology in CARRIERS,
            originator=not call.lines or id == channel.linkedid,
            started_at=at,
            call=call,
        )
        self._name(line, channel)
        call.lines.append(line)
        self._lines[id] = line
        if not line.local:
            expected = self._expected.pop(id, None) if line.originator else None
            call.direct(line, expected, self._endpoints.is_extension)
        return line

    def _name(self, line: Line, channel: Channel) -> bool:
        """Number and name of the line's own party; True when they changed."""
        number, name = channel.caller_number, channel.caller_name
        if line.call.clicked_by and line.originator:
            return False  # it carries the customer's identity for the phone's display
        hidden = line.originator and not line.extension and withheld(number)
        if (line.number, line.caller_name, line.withheld) == (number, name, hidden):
            return False
        line.number, line.caller_name, line.withheld = number, name, hidden
        line.frozen = None
        return True

    def _renamed(self, line: Line, name: str) -> None:
        line.name = name
        line.frozen = None
        if "<" not in name:  # not a masquerade's passing name
            line.endpoint = Channel(line.id, line.linkedid, name, ChannelState.UNKNOWN).endpoint
            line.extension = self._endpoints.extension(line.endpoint)

    def _announce(self, call: LiveCall, at: datetime) -> None:
        if not call.announced:
            call.announced = True
            self._out.append(CallStarted(at, call.freeze()))

    def _ring(self, line: Line, at: datetime) -> None:
        if line.state is not LegState.DIALLING or line.rang_at is not None:
            return
        call = line.call
        line.state = LegState.RINGING
        line.rang_at = at
        line.frozen = None
        if not line.originator and call.rang_at is None:
            call.rang_at = at
        self._out.append(LegRang(at, call.freeze(), line.freeze()))

    def _pick_up(self, line: Line, at: datetime) -> None:
        if line.answered_at is not None or line.state is LegState.ENDED:
            return
        call = line.call
        line.state = LegState.UP
        line.answered_at = at
        line.frozen = None
        if line.originator and not call.clicked_by:
            # who calls has nothing to answer; a click rings the agent's own phone first
            self._out.append(CallChanged(at, call.freeze()))
            return
        if not line.originator and call.answered_at is None:
            call.answered_at = at
            call.answered_line = line
        self._out.append(CallAnswered(at, call.freeze(), line.freeze()))

    def _relink(self, line: Line, linkedid: str, at: datetime) -> None:
        """Asterisk has joined this channel's call with another: so do we.

        Its old companions may keep the old linkedid to their end; that takes nothing back.
        """
        if not linkedid or linkedid == line.linkedid:
            return
        line.linkedid = linkedid
        old = line.call
        target = self._calls.get(linkedid)
        if target is None:
            old.linkedid = linkedid
            old.linkedids.append(linkedid)
            self._calls[linkedid] = old
            return
        if target is old:
            return
        for moved in old.lines:
            moved.call, moved.originator, moved.frozen = target, False, None
        target.lines.extend(old.lines)
        target.linkedids.extend(old.linkedids)
        self._calls.update(dict.fromkeys(old.linkedids, target))
        if old.answered_at is not None and target.answered_at is None:
            target.answered_at, target.answered_line = old.answered_at, old.answered_line
        if old.announced:
            self._out.append(CallsMerged(at, target.freeze(), absorbed=old.key))

    def _end(self, line: Line, at: datetime, cause: int) -> None:
        call = line.call
        line.end(at, cause)
        del self._lines[line.id]
        self._gone.add(line.id)
        if not line.local:
            self._out.append(LegEnded(at, call.freeze(), line.freeze()))
        if call.alive:
            return
        for linkedid in call.linkedids:
            self._calls.pop(linkedid, None)
        if call.announced:
            how = outcome(call)
            self._out.append(CallEnded(at, call.freeze(at, how, reason(call, how))))


# Each handler takes its own kind of event, which the key guarantees and the type cannot say.
_HANDLERS: dict[type[AmiEvent], Callable[[Tracker, Any], None]] = {
    ami.Newchannel: Tracker._new,
    ami.Newstate: Tracker._state,
    ami.NewCallerid: Tracker._identity,
    ami.NewConnectedLine: Tracker._identity,
    ami.Rename: Tracker._rename,
    ami.DialBegin: Tracker._dial_begin,
    ami.DialState: Tracker._dial_state,
    ami.DialEnd: Tracker._dial_end,
    ami.BridgeEnter: Tracker._bridge,
    ami.BridgeLeave: Tracker._left,
    ami.MusicOnHoldStart: Tracker._music,
    ami.Hold: Tracker._hold,
    ami.Unhold: Tracker._unhold,
    ami.HangupRequest: Tracker._hangup_request,
    ami.Hangup: Tracker._hangup,
}
