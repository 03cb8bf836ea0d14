"""Actions for recordings and desk phones' books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pbxd.ami.actions import Action, Fields, exact


@dataclass(frozen=True, slots=True)
class MixMonitorMute(Action):
    """Write silence into a channel's recording, or what is said again."""

    name: ClassVar[str] = "MixMonitorMute"
    needs: ClassVar[str] = "call"
    channel: str
    on: bool

    def fields(self) -> Fields:
        return {
            "Channel": exact(self.channel),
            "Direction": "both",
            "State": "1" if self.on else "0",
        }


@dataclass(frozen=True, slots=True)
class CheckSync(Action):
    """Tell a desk phone to read its settings and books anew; it does not restart for that."""

    name: ClassVar[str] = "PJSIPNotify"
    needs: ClassVar[str] = "system"
    endpoint: str

    def fields(self) -> Fields:
        return {"Endpoint": exact(self.endpoint), "Variable": ("Event=check-sync;reboot=false",)}
