"""A call and its legs, as values. All times UTC with milliseconds; durations in seconds.

Structs of msgspec, because each event of a call makes new ones (see `ami/events.py`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Direction(StrEnum):
    """Seen from the office."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class LegState(StrEnum):
    """One party's part in a call."""

    DIALLING = "dialling"  # created, nothing heard of it yet (or the caller's side before answer)
    RINGING = "ringing"
    UP = "up"
    HELD = "held"  # this party put the other on hold
    ENDED = "ended"


class CallState(StrEnum):
    """The whole call."""

    DIALLING = "dialling"
    RINGING = "ringing"
    UP = "up"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended, seen from the office."""

    ANSWERED = "answered"
    MISSED = "missed"  # came in (or internal), nobody picked up until ringing ended
    ABANDONED = "abandoned"  # came in (or internal), the caller gave up first
    NO_ANSWER = "no_answer"  # we called, they did not pick up
    CANCELLED = "cancelled"  # we called and gave up first, or our agent did not pick up
    BUSY = "busy"
    FAILED = "failed"  # number invalid, phone off line, congestion
    BLOCKED = "blocked"  # came in from a number that is refused
    CLOSED = "closed"  # came in outside opening hours


class Unanswered(StrEnum):
    """Why nobody of ours answered a call that came in (or an internal one)."""

    NONE = ""  # it was answered, or it is our own call
    CLOSED = "closed"
    NOBODY = "nobody"  # no phone was there, or everybody was away
    BUSY = "busy"  # all who were tried were in a call
    NO_ANSWER = "no_answer"
    GAVE_UP = "gave_up"  # the caller, before ringing or waiting was over
    CALLBACK = "callback"  # he asked to be called back instead of waiting
    BLOCKED = "blocked"
    FAULT = "fault"  # the PBX stopped, or the line broke


# Where a leg waits with music, of the contexts of dialplan/pbxd-desk.conf
WAITING_PLACES = frozenset(
    {"pbxd-pick-up", "pbxd-rescue", "pbxd-return", "pbxd-transfer", "pbxd-wait"}
)


# A supervisor's phone that listens to a call is no part of it: its channel's id begins so
SPY_PREFIX = "pbxd-spy-"
# A scheduled call's first channel: the agent's phone rings and is to be answered
DUE_PREFIX = "pbxd-due-"


class Party(msgspec.Struct, frozen=True, gc=False):
    """Who a leg belongs to: an extension of the office, or somebody outside.

    `number` is as Asterisk gave it ("" when withheld); `extension` is set for the office's own;
    `withheld` means that the caller hides the number.
    """

    number: str = ""
    name: str = ""
    extension: str = ""
    withheld: bool = False


class Leg(msgspec.Struct, frozen=True, gc=False):
    """One party's part in a call; both halves of a Local channel are folded away.

    `id` is the channel's uniqueid, `channel` its name (what Hangup or Redirect want),
    `endpoint` the SIP account (`101`, `101-web`, or a trunk's name). `bridge` is where its media
    are joined with others' ("" nowhere); `place` is the context of the dialplan it was last seen
    in, kept only where it says what the desk did with it (`pbxd-consult`, `pbxd-wait` …).
    """

    id: str
    channel: str
    endpoint: str
    party: Party
    state: LegState
    started_at: datetime
    originator: bool = False  # this party made the call
    trunk: str = ""  # the trunk's name when the leg leads outside
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    held_since: datetime | None = None
    ended_at: datetime | None = None
    hold_seconds: float = 0.0
    cause: int = 0  # Q.850, once ended
    dial_status: str = ""  # DialEnd's word, once known
    bridge: str = ""
    place: str = ""
    hung_up: bool = False  # this party asked for the end (once ended)

    @property
    def live(self) -> bool:
        """It has not ended."""
        return self.state is not LegState.ENDED

    @property
    def talking(self) -> bool:
        """It is up: talks, holds or waits."""
        return self.state in (LegState.UP, LegState.HELD)

    @property
    def waiting(self) -> bool:
        """It hears music because the desk sent it somewhere."""
        return self.talking and not self.bridge and self.place in WAITING_PLACES


class Call(msgspec.Struct, frozen=True, gc=False):
    """Everything under one linkedid: one row of the history.

    `key` is our own ULID, because a linkedid changes when calls merge. `dialled` is what was
    dialled (the DID of an incoming call, the number of an outgoing one). `clicked_by` is the
    extension that asked for it by click-to-call.
    """

    key: str
    linkedid: str
    direction: Direction
    state: CallState
    caller: Party
    callee: Party
    started_at: datetime
    dialled: str = ""
    trunk: str = ""
    clicked_by: str = ""
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    end_known: bool = True  # False: we did not see all of it; corrected from CEL
    outcome: Outcome | None = None
    cause: int = 0
    reason: Unanswered = Unanswered.NONE
    legs: tuple[Leg, ...] = ()

    @property
    def scheduled(self) -> bool:
        """It was begun by a time that was set, not by a press."""
        return any(leg.id.startswith(DUE_PREFIX) for leg in self.legs)

    @property
    def outside(self) -> Party:
        """The customer's side: the party that is not the office (internal: the callee)."""
        return self.caller if self.direction is Direction.IN else self.callee

    def beside(self, leg: Leg) -> tuple[Leg, ...]:
        """The live legs in the same bridge as `leg`."""
        if not leg.bridge:
            return ()
        return tuple(
            one for one in self.legs if one.live and one.bridge == leg.bridge and one.id != leg.id
        )

    def legs_of(self, extension: str) -> tuple[Leg, ...]:
        """The legs of one extension, ended ones too."""
        return tuple(leg for leg in self.legs if leg.party.extension == extension)
