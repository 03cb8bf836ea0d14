"""Kinds of abuse, the office's policy, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_WARNINGS = 3


class Step(StrEnum):
    """What the customer was told."""

    WARNED = "warned"  # heard a warning and goes on talking
    BLOCKED = "blocked"  # heard the last word and was hung up


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of abuse.

    `word` names the sound files (`pbxd/warn-WORD`, `pbxd/block-WORD`) and never changes; `name` is
    the office's own, "" the translated name of the word. `warnings` (0–3) come before the block.
    """

    word: str
    name: str = ""
    warnings: int = 0
    position: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's settings.

    `agent_waits`: the agent's phone stays in the call, in silence, until the announcement has ended
    (S4-58); else it is free at once. `block_after` incidents a number is refused (0 never).
    """

    agent_waits: bool = False
    block_after: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """One use of the button, as the incident file shows it. Times UTC.

    `heard_whole`: the announcement reached its end before the line went dead; None: not over yet.
    `sha256` is of the recording, where there is one.
    """

    id: str
    at: datetime
    call_id: str
    linkedid: str
    kind: str
    step: Step
    agent_id: str
    extension: str
    number: str
    customer_id: str
    announcement: str
    ended_at: datetime | None = None
    heard_whole: bool | None = None
    recording: str = ""
    sha256: str = ""
    note: str = ""


DEFAULT_KINDS = (Kind("abuse", position=1), Kind("harassment", position=2))
