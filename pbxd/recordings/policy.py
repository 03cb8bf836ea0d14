"""Which calls are recorded, and for how long that is kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pbxd.calls.model import Direction
from pbxd.recordings.model import Codec


class Mode(StrEnum):
    """What is done with calls of a kind."""

    NEVER = "never"
    DEMAND = "demand"  # all of it is kept when somebody asks for it during the call, else nothing
    ALWAYS = "always"


class Of(StrEnum):
    """What a special rule is about."""

    QUEUE = "queue"
    AGENT = "agent"


_RANK = {Mode.NEVER: 0, Mode.DEMAND: 1, Mode.ALWAYS: 2}


@dataclass(frozen=True, slots=True)
class Special:
    """A rule of one queue (its word) or one agent (id)."""

    of: Of
    id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Policy:
    """What is recorded, and how long it is kept."""

    incoming: Mode = Mode.ALWAYS
    outgoing: Mode = Mode.ALWAYS
    internal: Mode = Mode.NEVER
    say: bool = False  # callers are told
    keep_days: int = 0  # 0 for ever: what goes by age is the office's to decide
    codec: Codec = Codec.OPUS
    free_gb: int = 2  # warn below
    room_days: int = 0  # below that the oldest go, never younger ones than this; 0 none goes
    specials: tuple[Special, ...] = ()

    def mode(self, direction: Direction, queue: str, agent_ids: Iterable[str]) -> Mode:
        """What is done with a call: its agents' rule (the one that keeps most), else its queue's,
        else that of its direction."""
        agents = set(agent_ids)
        own = [one.mode for one in self.specials if one.of is Of.AGENT and one.id in agents]
        if own:
            return max(own, key=lambda mode: _RANK[mode])
        for one in self.specials:
            if queue and one.of is Of.QUEUE and one.id == queue:
                return one.mode
        return self.by_direction(direction)

    def by_direction(self, direction: Direction) -> Mode:
        """Without special rules."""
        kinds = {Direction.IN: self.incoming, Direction.OUT: self.outgoing}
        return kinds.get(direction, self.internal)

    def any(self, direction: Direction) -> bool:
        """Can it be that such a call is kept?"""
        if self.by_direction(direction) is not Mode.NEVER:
            return True
        of = (Of.AGENT, Of.QUEUE) if direction is Direction.IN else (Of.AGENT,)
        return any(one.mode is not Mode.NEVER for one in self.specials if one.of in of)
