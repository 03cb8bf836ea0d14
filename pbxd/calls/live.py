"""The live calls: feeds the tracker, publishes what happened, answers who talks now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbxd.ami.events import AmiEvent
from pbxd.ami.snapshot import ChannelRow
from pbxd.bus import Bus
from pbxd.calls.model import Call, LegState
from pbxd.calls.parties import Endpoints
from pbxd.calls.tracker import Tracker
from pbxd.events import CallEnded, CallEvent, CallIdentified, CallsMerged, CallStarted, Event


class LiveCalls:
    """The one copy of what is going on; rebuilt from Asterisk at any time."""

    def __init__(self, endpoints: Endpoints, new_key: Callable[[], str], bus: Bus) -> None:
        self._tracker = Tracker(endpoints, new_key)
        self._bus = bus
        self._calls: dict[str, Call] = {}
        self._customers: dict[str, str] = {}  # channel of a click → whose number was clicked

    def apply(self, event: AmiEvent) -> None:
        """Take one AMI event."""
        self._publish(self._tracker.apply(event))

    def calls(self) -> tuple[Call, ...]:
        """All calls now, oldest first."""
        return tuple(self._calls.values())

    def get(self, key: str) -> Call | None:
        """One live call."""
        return self._calls.get(key)

    def of_extension(self, extension: str) -> tuple[Call, ...]:
        """The calls in which `extension` has a live leg, oldest first."""
        return tuple(
            call
            for call in self._calls.values()
            if any(leg.state is not LegState.ENDED for leg in call.legs_of(extension))
        )

    def expect(self, channel_id: str, *, clicked_by: str, number: str, customer_id: str) -> None:
        """Said before an Originate is sent, so that its channel is known when it appears."""
        self._tracker.expect(channel_id, clicked_by, number)
        if customer_id:
            self._customers[channel_id] = customer_id

    def forget(self, channel_id: str) -> None:
        """The Originate failed; its channel will not come."""
        self._tracker.forget(channel_id)
        self._customers.pop(channel_id, None)

    def differences(self, rows: tuple[ChannelRow, ...]) -> frozenset[str]:
        """How Asterisk's list differs from ours."""
        return self._tracker.differences(rows)

    def repair(
        self, rows: tuple[ChannelRow, ...], at: datetime, only: frozenset[str] | None = None
    ) -> None:
        """Put differences right."""
        self._publish(self._tracker.repair(rows, at, only))

    def held(self, channel_ids: frozenset[str], at: datetime) -> None:
        """These are held by whom they are joined with: the channel list does not say so."""
        self._publish(self._tracker.held(channel_ids, at))

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, CallEvent):
                self._keep(event)
            self._bus.publish(event)
            if isinstance(event, CallStarted):
                self._identify(event)

    def _keep(self, event: CallEvent) -> None:
        if isinstance(event, CallEnded):
            self._calls.pop(event.call.key, None)
            return
        if isinstance(event, CallsMerged):
            self._calls.pop(event.absorbed, None)
        self._calls[event.call.key] = event.call

    def _identify(self, event: CallStarted) -> None:
        for leg in event.call.legs:
            if (customer_id := self._customers.pop(leg.id, "")) != "":
                self._bus.publish(CallIdentified(event.at, event.call.key, customer_id))
