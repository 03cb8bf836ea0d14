"""A small model of Asterisk: channels, bridges, and what it tells of what people do."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pbxd.ami import events as ami
from pbxd.ami.events import AmiEvent, Channel, ChannelState
from pbxd.ami.snapshot import ChannelRow

EXTENSIONS = ("101", "102", "103")


@dataclass(eq=False)
class Chan:
    """One channel."""

    id: str
    linkedid: str
    name: str
    number: str
    state: ChannelState
    context: str = ""
    bridge: str = ""
    held: bool = False

    @property
    def endpoint(self) -> str:
        """`101`, or the trunk's name."""
        return self.name.removeprefix("PJSIP/").rpartition("-")[0]


@dataclass(eq=False)
class SmallPbx:
    """What people do returns nothing; what Asterisk tells of it is in `told`."""

    chans: list[Chan] = field(default_factory=list)
    told: list[AmiEvent] = field(default_factory=list)
    now: datetime = datetime(2026, 11, 21, tzinfo=UTC)
    _ids: itertools.count[int] = field(default_factory=itertools.count)

    # --- what people do ---

    def call_in(self) -> None:
        """A customer calls; the first two extensions ring."""
        caller = self._new("city", "01012345678", ChannelState.RING, "pbxd-ring")
        for extension in EXTENSIONS[:2]:
            self._dial(caller, extension)

    def call_out(self, extension: str) -> None:
        """An extension calls somebody outside."""
        caller = self._new(extension, extension, ChannelState.RING, "pbxd-internal")
        self._dial(caller, "city")

    def call_inside(self, extension: str, other: str) -> None:
        """An extension calls another."""
        if extension != other:
            caller = self._new(extension, extension, ChannelState.RING, "pbxd-internal", other)
            self._dial(caller, other)

    def answer(self, chan: Chan) -> None:
        """A ringing phone picks up; the others of its call fall silent."""
        if chan.state is not ChannelState.RINGING:
            return
        caller = self._of(chan.linkedid)
        if caller is None:
            return
        chan.state = ChannelState.UP
        self._tell(ami.Newstate, chan)
        for other in self._ringing(chan.linkedid):
            self._end(other, 26)
        if caller.state is not ChannelState.UP:
            caller.state = ChannelState.UP
            self._tell(ami.Newstate, caller)
        self._bridge(caller, chan)

    def hang_up(self, chan: Chan) -> None:
        """Somebody puts the receiver down; who is left alone goes too."""
        self.told.append(ami.HangupRequest(self._tick(), self._snapshot(chan), 16, False))
        beside = self._beside(chan)
        ringing = [] if chan.bridge else self._ringing(chan.linkedid)
        self._end(chan, 16)
        for other in (*ringing, *(beside if len(beside) == 1 else [])):
            if other in self.chans:
                self._end(other, 16)

    def hold(self, chan: Chan) -> None:
        """The hold key: on, and off again."""
        if chan.bridge:
            chan.held = not chan.held
            kind = ami.Hold if chan.held else ami.Unhold
            self.told.append(kind(self._tick(), self._snapshot(chan)))

    def transfer(self, chan: Chan, to: str) -> None:
        """Blind: the other party leaves, this one ends, `to` rings."""
        beside = self._beside(chan)
        if len(beside) != 1 or chan.endpoint not in EXTENSIONS:
            return
        other = beside[0]
        self._leave(other)
        self._end(chan, 16)
        self._music(other, "pbxd-transfer")
        self._dial(other, to)

    def consult(self, chan: Chan, to: str) -> None:
        """The other party waits, `to` is called by this channel."""
        beside = self._beside(chan)
        if len(beside) != 1 or chan.endpoint not in EXTENSIONS:
            return
        self._leave(beside[0])
        self._leave(chan)
        self._music(beside[0], "pbxd-wait")
        chan.context = "pbxd-consult"
        self._dial(chan, to)

    def join(self, one: Chan, other: Chan) -> None:
        """Two that are up and alone are bridged (complete, return, pick up by code)."""
        free = ChannelState.UP
        if one is other or one.bridge or other.bridge:
            return
        if one.state is free and other.state is free:
            self._bridge(one, other)

    # --- what Asterisk would answer if asked ---

    def rows(self) -> tuple[ChannelRow, ...]:
        """Its channel list."""
        return tuple(ChannelRow(self._snapshot(chan), 1, chan.bridge) for chan in self.chans)

    # --- how it works ---

    def _tick(self) -> datetime:
        self.now += timedelta(milliseconds=100)
        return self.now

    def _snapshot(self, chan: Chan) -> Channel:
        return Channel(
            chan.id, chan.linkedid, chan.name, chan.state, chan.number, context=chan.context
        )

    def _tell(self, kind: type[ami.Newchannel] | type[ami.Newstate], chan: Chan) -> None:
        self.told.append(kind(self._tick(), self._snapshot(chan)))

    def _new(
        self, endpoint: str, number: str, state: ChannelState, context: str, exten: str = "02"
    ) -> Chan:
        id = f"1.{next(self._ids)}"
        chan = Chan(id, id, f"PJSIP/{endpoint}-{id}", number, state, context)
        self.chans.append(chan)
        snapshot = Channel(id, id, chan.name, state, number, context=context, exten=exten)
        self.told.append(ami.Newchannel(self._tick(), snapshot))
        return chan

    def _dial(self, caller: Chan, endpoint: str) -> None:
        id = f"1.{next(self._ids)}"
        chan = Chan(
            id, caller.linkedid, f"PJSIP/{endpoint}-{id}", endpoint, ChannelState.DOWN, "pbxd-leg"
        )
        self.chans.append(chan)
        self._tell(ami.Newchannel, chan)
        at = self._tick()
        self.told.append(ami.DialBegin(at, self._snapshot(caller), self._snapshot(chan), endpoint))
        chan.state = ChannelState.RINGING
        self._tell(ami.Newstate, chan)

    def _bridge(self, one: Chan, other: Chan) -> None:
        bridge = f"b{next(self._ids)}"
        for members, chan in enumerate((one, other), 1):
            chan.bridge = bridge
            at = self._tick()
            self.told.append(ami.BridgeEnter(at, self._snapshot(chan), bridge, members))
        oldest = min(one.linkedid, other.linkedid, key=lambda one: int(one.partition(".")[2]))
        for chan in self.chans:
            if chan.linkedid in (one.linkedid, other.linkedid) and chan.bridge == bridge:
                chan.linkedid = oldest

    def _leave(self, chan: Chan) -> None:
        bridge, chan.bridge, chan.held = chan.bridge, "", False
        self.told.append(ami.BridgeLeave(self._tick(), self._snapshot(chan), bridge))

    def _music(self, chan: Chan, context: str) -> None:
        chan.context = context
        self.told.append(ami.MusicOnHoldStart(self._tick(), self._snapshot(chan)))

    def _end(self, chan: Chan, cause: int) -> None:
        if chan.bridge:
            self._leave(chan)
        self.chans.remove(chan)
        self.told.append(ami.Hangup(self._tick(), self._snapshot(chan), cause, ""))

    def _beside(self, chan: Chan) -> list[Chan]:
        return [
            one
            for one in self.chans
            if one.bridge and one.bridge == chan.bridge and one is not chan
        ]

    def _ringing(self, linkedid: str) -> list[Chan]:
        return [
            chan
            for chan in self.chans
            if chan.linkedid == linkedid and chan.state in (ChannelState.RINGING, ChannelState.DOWN)
        ]

    def _of(self, linkedid: str) -> Chan | None:
        """Who called, or who has taken the call on."""
        free = [
            chan
            for chan in self.chans
            if chan.linkedid == linkedid
            and not chan.bridge
            and chan.state in (ChannelState.RING, ChannelState.UP)
            and chan.context != "pbxd-wait"
        ]
        return free[0] if free else None
