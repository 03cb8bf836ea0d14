"""Presence as values. All times UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pbxd.events import PresenceKind

MISSED = "missed"  # the word of an absence that follows unanswered calls: it has no row


class By(StrEnum):
    """Who changed an agent's presence."""

    SELF = "self"
    SUPERVISOR = "supervisor"
    AUTO = "auto"  # the end of a call, of a wrap-up, or calls that nobody answered
    ABUSE = "abuse"  # the rest that is offered after an abusive call


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an agent may be away.

    `word` stands in AstDB and in statistics and never changes; `name` is the office's own, ""
    the translated name of the word. `minutes` is how long it should take (None: open): past it
    the agent is reminded, not put back. `rest` marks the one that is offered after an abusive
    call. A `retired` one is kept for statistics.
    """

    id: str
    word: str
    name: str = ""
    minutes: int | None = None
    rest: bool = False
    position: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """The office's settings; 0 switches off."""

    wrap_up_seconds: int = 0
    missed_limit: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """How an agent is since `since`.

    `until`: an absence should be over (the agent is reminded), a wrap-up ends by itself.
    `period` is the open row in the store, "" before the first change.
    """

    agent_id: str
    kind: PresenceKind
    since: datetime
    reason: Reason | None = None
    until: datetime | None = None
    by: By = By.AUTO
    period: str = ""

    @property
    def reachable(self) -> bool:
        """Calls may be sent."""
        return self.kind is PresenceKind.AVAILABLE

    @property
    def word(self) -> str:
        """The reason's word, "" when there is none to name."""
        if self.kind is not PresenceKind.AWAY:
            return ""
        return MISSED if self.reason is None else self.reason.word
