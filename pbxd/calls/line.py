"""The tracker's working state: one channel and one call, mutable, never shown outside.

Snapshots (`Leg`, `Call`) are made only when something is published, and kept until something
changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pbxd.calls.model import (
    WAITING_PLACES,
    Call,
    CallState,
    Direction,
    Leg,
    LegState,
    Outcome,
    Party,
    Unanswered,
)

# Channels that only carry a call along: halves of Local, the passing ones by which Asterisk takes a
# channel out of a bridge (Redirect, Bridge), a conference's announcer and recorder
CARRIERS = frozenset({"Local", "Surrogate", "AsyncGoto", "CBAnn", "CBRec"})
# Contexts of dialplan/ that say what the desk did with a channel
CONFERENCE = "pbxd-conference"
PLACES = WAITING_PLACES | {CONFERENCE, "pbxd-abuse", "pbxd-consult", "pbxd-limit"}


REMEMBERED = 5000


class Gone:
    """Ids of channels that have ended: their late events are nobody's."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def add(self, id: str) -> None:
        """Remember one, and forget the oldest."""
        self._ids[id] = None
        if len(self._ids) > REMEMBERED:
            del self._ids[next(iter(self._ids))]

    def __contains__(self, id: object) -> bool:
        return id in self._ids


@dataclass(slots=True, eq=False)
class Line:
    """One channel; `local` halves carry a call along but are nobody's leg."""

    id: str
    name: str
    endpoint: str
    linkedid: str
    extension: str
    local: bool
    originator: bool
    started_at: datetime
    call: LiveCall
    number: str = ""
    caller_name: str = ""
    withheld: bool = False
    state: LegState = LegState.DIALLING
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    held_since: datetime | None = None
    ended_at: datetime | None = None
    hold_seconds: float = 0.0
    cause: int = 0
    dial_status: str = ""
    bridge: str = ""
    place: str = ""
    left_at: tuple[str, str] = ("", "")  # context and extension of the dialplan at its end
    asked_to_end: bool = False  # this party hung up (or a command did it for him)
    frozen: Leg | None = None

    def freeze(self) -> Leg:
        """The leg as a value."""
        if self.frozen is None:
            self.frozen = Leg(
                self.id,
                self.name,
                self.endpoint,
                self.party(),
                self.state,
                self.started_at,
                self.originator,
                "" if self.extension else self.endpoint,
                self.rang_at,
                self.answered_at,
                self.held_since,
                self.ended_at,
                self.hold_seconds,
                self.cause,
                self.dial_status,
                self.bridge,
                self.place,
                self.asked_to_end,
            )
        return self.frozen

    def party(self) -> Party:
        """Who this is."""
        if self.extension:
            return Party(self.extension, self.caller_name, self.extension)
        return Party("" if self.withheld else self.number, self.caller_name, "", self.withheld)

    def hold(self, at: datetime) -> bool:
        """This party puts the other on hold; False: it cannot, or does already."""
        if self.state is not LegState.UP:
            return False
        self.state, self.held_since, self.frozen = LegState.HELD, at, None
        return True

    def resume(self, at: datetime) -> bool:
        """And takes it back."""
        if self.state is not LegState.HELD or self.held_since is None:
            return False
        self.hold_seconds += (at - self.held_since).total_seconds()
        self.state, self.held_since, self.frozen = LegState.UP, None, None
        return True

    def end(self, at: datetime, cause: int) -> None:
        """The channel is gone."""
        if self.held_since is not None:
            self.hold_seconds += (at - self.held_since).total_seconds()
            self.held_since = None
        self.state = LegState.ENDED
        self.bridge = ""
        self.ended_at = at
        self.cause = cause
        self.frozen = None


@dataclass(slots=True, eq=False)
class LiveCall:
    """Everything under one linkedid."""

    key: str
    linkedid: str
    started_at: datetime
    direction: Direction = Direction.IN
    dialled: str = ""
    clicked_by: str = ""
    announced: bool = False  # CallStarted was published
    end_known: bool = True
    linkedids: list[str] = field(default_factory=list)  # all that were joined into this call
    lines: list[Line] = field(default_factory=list)  # in order of creation
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    answered_line: Line | None = None

    @property
    def legs(self) -> list[Line]:
        """The lines that are somebody's."""
        return [line for line in self.lines if not line.local]

    @property
    def originator(self) -> Line | None:
        """Who made the call."""
        for line in self.lines:  # a loop: it runs for every published event
            if line.originator and not line.local:
                return line
        return None

    @property
    def alive(self) -> bool:
        """Some channel is left."""
        for line in self.lines:
            if line.ended_at is None:
                return True
        return False

    def direct(
        self, line: Line, expected: tuple[str, str] | None, is_extension: Callable[[str], bool]
    ) -> None:
        """Whose call is it? Decided by who made it and, once known, whom it reached.

        `expected`: a click-to-call's extension and number.
        """
        if line.originator:
            if expected is not None:
                self.clicked_by, self.dialled = expected
                line.number, line.caller_name = line.extension, ""
            if not line.extension:
                self.direction = Direction.IN
            elif is_extension(self.dialled):
                self.direction = Direction.INTERNAL
            else:
                self.direction = Direction.OUT
        elif self.direction is Direction.INTERNAL and not line.extension:
            self.direction = Direction.OUT  # 112 looks like an extension and is not

    def state(self) -> CallState:
        """The whole call's state."""
        if not self.alive:
            return CallState.ENDED
        if self.answered_at is not None:
            return CallState.UP
        return CallState.DIALLING if self.rang_at is None else CallState.RINGING

    def freeze(
        self,
        ended_at: datetime | None = None,
        outcome: Outcome | None = None,
        reason: Unanswered = Unanswered.NONE,
    ) -> Call:
        """The call as a value."""
        legs = self.legs
        first = self.originator
        return Call(
            self.key,
            self.linkedid,
            self.direction,
            self.state(),
            first.freeze().party if first else Party(withheld=True),
            self._callee(legs, first),
            self.started_at,
            self.dialled,
            self._trunk(legs),
            self.clicked_by,
            self.rang_at,
            self.answered_at,
            ended_at,
            self.end_known,
            outcome,
            self._cause(legs, first),
            reason,
            tuple([line.freeze() for line in legs]),
        )

    def _callee(self, legs: list[Line], first: Line | None) -> Party:
        """Who answered; else who was called: the dialled number, or the first phone that rang."""
        if self.answered_line is not None and self.answered_line.call is self:
            party = self.answered_line.freeze().party
            if party.extension or self.direction is not Direction.OUT:
                return party
        if self.direction is Direction.OUT:
            # a speed dial (*712) is not whom we called
            called = [line for line in legs if line is not first and not line.extension]
            if self.dialled.startswith("*") and called:
                return Party(called[0].freeze().party.number)
            return Party(self.dialled)
        for line in legs:
            if line is not first and line.extension:
                return line.freeze().party
        is_ours = self.direction is Direction.INTERNAL
        return Party(self.dialled, "", self.dialled if is_ours else "")

    def _trunk(self, legs: list[Line]) -> str:
        for line in legs:
            if not line.extension:
                return line.endpoint
        return ""

    def _cause(self, legs: list[Line], first: Line | None) -> int:
        """Of the called side while nobody answered, else of who made the call (Q.850)."""
        if self.answered_at is None:
            causes = [line.cause for line in legs if line is not first and line.cause]
            if causes:
                return causes[-1]
        return first.cause if first is not None else 0
