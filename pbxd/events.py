"""Every domain event: what has happened, as frozen values.

Order within one call: CallStarted, then any of LegRang / CallAnswered / LegHeld / LegResumed /
LegEnded / CallsMerged, then exactly one CallEnded, then one CallRecorded when it is on disk.
All times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pbxd.calls.model import Call, Leg


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `at` is when."""

    at: datetime


class LinkState(StrEnum):
    """How the link to Asterisk stands."""

    UNCONFIGURED = "unconfigured"
    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class PbxLinkChanged(Event):
    """The link to Asterisk changed.

    When DOWN, `reason_id`/`reason` (a msgid, filled by `details`) say why and `next_attempt_at`
    when it is tried again.
    """

    state: LinkState
    reason_id: str = ""
    reason: str = ""
    details: dict[str, object] = field(default_factory=dict)
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PbxInStep(Event):
    """Our calls were compared with Asterisk's own channel list.

    `channels` is how many Asterisk has; `repaired` how many differences were put right (0: we
    were in step already). Follows each login and then every minute.
    """

    channels: int
    repaired: int


@dataclass(frozen=True, slots=True)
class CallEvent(Event):
    """Something about one call; `call` is its state after the event."""

    call: Call


@dataclass(frozen=True, slots=True)
class CallStarted(CallEvent):
    """A call exists. Surely followed by exactly one CallEnded or CallsMerged (into another)."""


@dataclass(frozen=True, slots=True)
class LegRang(CallEvent):
    """One phone began to ring (`leg.party.extension` set: an agent's; else the customer's)."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class CallAnswered(CallEvent):
    """`leg` picked up and talks (the first or a later phone)."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegHeld(CallEvent):
    """`leg` put the other side on hold."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegResumed(CallEvent):
    """`leg` took the other side back."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegMuted(CallEvent):
    """The others hear nothing from `leg`'s phone (`on`), or hear it again."""

    leg: Leg
    on: bool


@dataclass(frozen=True, slots=True)
class LegEnded(CallEvent):
    """`leg` is out of the call, which may go on without it."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class CallChanged(CallEvent):
    """Something else that a screen shows changed: a name, a number, the direction."""


@dataclass(frozen=True, slots=True)
class CallsMerged(CallEvent):
    """`absorbed` (a call's key) is now part of `call`; no CallEnded follows for it."""

    absorbed: str


@dataclass(frozen=True, slots=True)
class CallEnded(CallEvent):
    """The last leg is gone; the record follows."""


@dataclass(frozen=True, slots=True)
class CallRecorded(Event):
    """The call's record is on disk (`caught_up`: read back from CEL after an absence)."""

    key: str
    caught_up: bool = False


@dataclass(frozen=True, slots=True)
class CallIdentified(Event):
    """The CRM knows (or chose) who the outside party of call `key` is; "" = nobody."""

    key: str
    customer_id: str


class Handing(StrEnum):
    """How a call got from one to another."""

    BLIND = "blind"  # transferred at once
    CONSULT = "consult"  # a colleague is asked first, the customer waits
    COMPLETED = "completed"  # who was asked has the customer
    MERGED = "merged"  # all talk together
    TAKEN_OVER = "taken_over"  # a supervisor has the customer now
    PICKED_UP = "picked_up"  # taken from a colleague's ringing phone
    RETURNED = "returned"  # the agent is back with the customer, nobody else has a part
    RESCUED = "rescued"  # the agent's phone vanished; the customer rings again


@dataclass(frozen=True, slots=True)
class CallHandedOver(Event):
    """Call `key` goes from extension `by` to `to` (an extension, a queue or a number).

    `note` is what the one writes for the other.
    """

    key: str
    by: str
    to: str
    how: Handing
    note: str = ""


@dataclass(frozen=True, slots=True)
class QueuesChanged(Event):
    """Queues, their members, who waits or the day's figures changed."""


@dataclass(frozen=True, slots=True)
class ScheduledCallsChanged(Event):
    """Scheduled calls were added, changed, made or cancelled."""


@dataclass(frozen=True, slots=True)
class ScheduledCallSoon(Event):
    """A scheduled call is near: its agent is told. `number` as people read it."""

    scheduled_id: str
    agent_id: str
    number: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SupervisionChanged(Event):
    """A supervisor is at the call of extension `watched` (`mode`: listen, whisper, barge)."""

    supervisor_id: str
    watched: str
    call_key: str
    mode: str


@dataclass(frozen=True, slots=True)
class SupervisionEnded(SupervisionChanged):
    """He has left it, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AbuseReported(Event):
    """An agent warned or blocked an abusive caller.

    `blocked` False: warned only. `refused`: the number gets no further from now on.
    """

    incident_id: str
    agent_id: str
    call_key: str
    customer_id: str
    kind: str
    blocked: bool
    refused: bool = False


@dataclass(frozen=True, slots=True)
class TalkLimitChanged(Event):
    """Long-call protection: what the agent of call `key` sees of it changed.

    `how` is what happened (warned, extended, over, ended), "" when only the screen changes.
    """

    key: str
    how: str = ""


class AgentState(StrEnum):
    """What an agent's phone does, as colleagues see it."""

    OFFLINE = "offline"  # no phone registered
    AVAILABLE = "available"
    RINGING = "ringing"
    ON_CALL = "on_call"
    AWAY = "away"  # says so, with a reason; the phone may be off
    WRAP_UP = "wrap_up"  # writes down what the last call was about


@dataclass(frozen=True, slots=True)
class AgentStateChanged(Event):
    """An agent's telephone state or CTI link changed."""

    agent_id: str
    extension: str
    state: AgentState
    linked: bool  # the agent's console is on line (접속관리); False: phone works, screen is quiet


class PresenceKind(StrEnum):
    """Whether calls are sent to an agent."""

    AVAILABLE = "available"
    AWAY = "away"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True, slots=True)
class AgentPresenceChanged(Event):
    """Calls are sent to an agent from now on, or no longer: queues pause their member by it.

    `reason` is the word of an absence's reason; `until` is when it should be over. Told again when
    one of them changes, and for everybody who is not available when pbxd starts.
    """

    agent_id: str
    extension: str
    kind: PresenceKind
    reason: str = ""
    until: datetime | None = None

    @property
    def reachable(self) -> bool:
        """Calls may be sent."""
        return self.kind is PresenceKind.AVAILABLE


@dataclass(frozen=True, slots=True)
class PresenceChoicesChanged(Event):
    """The office changed the reasons to be away, or the settings of wrap-up and missed calls."""


@dataclass(frozen=True, slots=True)
class AgentsChanged(Event):
    """Agents were added, closed or got another extension: whoever caches them reads again."""


@dataclass(frozen=True, slots=True)
class BlacklistChanged(Event):
    """Which numbers are refused, or how, has changed; Asterisk is told next."""


@dataclass(frozen=True, slots=True)
class HoursChanged(Event):
    """When lines are open has changed: somebody's doing, a new day, the end of a switch."""


@dataclass(frozen=True, slots=True)
class CallbacksChanged(Event):
    """Who is to be called back has changed; it is in the store."""


@dataclass(frozen=True, slots=True)
class CallbackDue(Event):
    """The time has come at which an agent is to call back."""

    agent_id: str
    number: str
    note: str


@dataclass(frozen=True, slots=True)
class BackupsChanged(Event):
    """A backup is being made, was made, or failed."""


@dataclass(frozen=True, slots=True)
class PhonebookChanged(Event):
    """Entries of the phonebook have changed."""


@dataclass(frozen=True, slots=True)
class RecordingsChanged(Event):
    """A recording was taken in or deleted, or cannot be taken in."""


@dataclass(frozen=True, slots=True)
class RecordingPaused(CallEvent):
    """Nothing of this call is recorded now (`on`), or again."""

    on: bool


@dataclass(frozen=True, slots=True)
class CommandSettled(Event):
    """A command from a person to Asterisk came to its definite end.

    `result` is ok, refused, timed_out or link_lost; `reason_id`/`reason` say why in translatable
    words when not ok.
    """

    command_id: str
    agent_id: str
    verb: str
    result: str
    reason_id: str = ""
    reason: str = ""
