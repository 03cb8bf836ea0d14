"""Typed AMI events: the only place where Asterisk's header spellings are known.

Each class has the name of the AMI event that it stands for. `at` is the time at which Asterisk
raised it (UTC; the `Timestamp` header where `timestampevents` is on, else the time of reading).

Structs of msgspec rather than dataclasses: frozen as well, and made about eight times faster,
which is what the burst after a reconnect asks for (`benchmarks/ami.py`).
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec


class ChannelState(IntEnum):
    """Asterisk's channel states (`ChannelState` header)."""

    DOWN = 0
    RESERVED = 1
    OFF_HOOK = 2
    DIALING = 3
    RING = 4
    RINGING = 5
    UP = 6
    BUSY = 7
    DIALING_OFF_HOOK = 8
    PRE_RING = 9
    MUTE = 10
    UNKNOWN = 11


class DeviceState(StrEnum):
    """Asterisk's device states (the phone's, not the person's)."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"


class Channel(msgspec.Struct, frozen=True, gc=False):
    """The snapshot of one channel that every channel event carries.

    `caller_*` is the channel's own identity, `connected_*` the other side's. Numbers and names
    are as Asterisk gave them ("" when absent or `<unknown>`).
    """

    uniqueid: str
    linkedid: str
    name: str
    state: ChannelState
    caller_number: str = ""
    caller_name: str = ""
    connected_number: str = ""
    connected_name: str = ""
    context: str = ""
    exten: str = ""
    account_code: str = ""

    @property
    def technology(self) -> str:
        """`PJSIP/101-0000002a` → `PJSIP`."""
        return self.name.partition("/")[0]

    @property
    def endpoint(self) -> str:
        """`PJSIP/101-web-0000002a` → `101-web`; `Local/101@ctx-0001;1` → `101@ctx`."""
        rest = self.name.partition("/")[2].partition(";")[0]
        return rest.rpartition("-")[0] or rest


class AmiEvent(msgspec.Struct, frozen=True, gc=False):
    """Anything that Asterisk told."""

    at: datetime


class ChannelEvent(AmiEvent, frozen=True, gc=False):
    """An event about one channel."""

    channel: Channel


class Newchannel(ChannelEvent, frozen=True, gc=False):
    """A channel was created."""


class Newstate(ChannelEvent, frozen=True, gc=False):
    """A channel's state changed (ringing, up …)."""


class NewCallerid(ChannelEvent, frozen=True, gc=False):
    """A channel's own identity changed."""


class NewConnectedLine(ChannelEvent, frozen=True, gc=False):
    """The identity of the other side, as this channel knows it, changed."""


class Rename(ChannelEvent, frozen=True, gc=False):
    """A channel got another name (masquerade); `channel.name` is the old one."""

    new_name: str


class Hold(ChannelEvent, frozen=True, gc=False):
    """The device put its other side on hold."""

    music_class: str = ""


class Unhold(ChannelEvent, frozen=True, gc=False):
    """The device took its other side back."""


class HangupRequest(ChannelEvent, frozen=True, gc=False):
    """The device or a command asked for the end: who hung up. `cause` is a Q.850 code."""

    cause: int
    soft: bool


class Hangup(ChannelEvent, frozen=True, gc=False):
    """The channel is gone. `cause` is a Q.850 code."""

    cause: int
    cause_text: str


class DialBegin(AmiEvent, frozen=True, gc=False):
    """`channel` (None for an Originate) starts to dial `destination`."""

    channel: Channel | None
    destination: Channel
    dial_string: str


class DialState(AmiEvent, frozen=True, gc=False):
    """The dialled side said something before the answer: RINGING, PROGRESS, PROCEEDING."""

    channel: Channel | None
    destination: Channel
    status: str


class DialEnd(AmiEvent, frozen=True, gc=False):
    """A dial ended: ANSWER, BUSY, CANCEL, CHANUNAVAIL, CONGESTION, NOANSWER …"""

    channel: Channel | None
    destination: Channel
    status: str


class BridgeEnter(ChannelEvent, frozen=True, gc=False):
    """A channel's media joined a bridge; `others` is the number of channels now in it."""

    bridge: str
    members: int
    technology: str = ""


class BridgeLeave(ChannelEvent, frozen=True, gc=False):
    """A channel's media left a bridge."""

    bridge: str


class MusicOnHoldStart(ChannelEvent, frozen=True, gc=False):
    """A channel hears music: it waits at the place of the dialplan that its snapshot names."""


class QueueJoined(ChannelEvent, frozen=True, gc=False):
    """A caller waits in a queue (`QueueCallerJoin`)."""

    queue: str


class QueueLeft(ChannelEvent, frozen=True, gc=False):
    """A caller waits no longer, whatever the reason (`QueueCallerLeave`)."""

    queue: str


class QueueAnswered(ChannelEvent, frozen=True, gc=False):
    """A member took the caller (`AgentConnect`); `member` is the member's name, an extension."""

    queue: str
    member: str


class KeyPressed(ChannelEvent, frozen=True, gc=False):
    """An agent pressed a code of `dialplan/features-pbxd.conf` in a call (`UserEvent`): 0–9."""

    key: int


class CodeDialled(ChannelEvent, frozen=True, gc=False):
    """Somebody dialled a code of the desk (`UserEvent`): 41 for *41."""

    code: int


class CallbackAsked(ChannelEvent, frozen=True, gc=False):
    """The dialplan wrote a caller's wish to be called back into AstDB (`UserEvent`)."""


class OriginateResponse(AmiEvent, frozen=True, gc=False):
    """The truth about an asynchronous Originate, tied to it by `action_id`.

    `reason` is Asterisk's control-frame number: 0 failed, 1 hung up, 3 no answer, 4 answered,
    5 busy, 8 congested.
    """

    action_id: str
    success: bool
    reason: int
    channel: str
    uniqueid: str


class DeviceStateChange(AmiEvent, frozen=True, gc=False):
    """The phone `device` (`PJSIP/101`) is in another state."""

    device: str
    state: DeviceState


class FullyBooted(AmiEvent, frozen=True, gc=False):
    """Asterisk has loaded everything; `uptime_s` tells whether it is a new life."""

    uptime_s: int
    last_reload_s: int


class Shutdown(AmiEvent, frozen=True, gc=False):
    """Asterisk goes down or restarts."""

    restart: bool
