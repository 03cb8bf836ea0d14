"""How often one may dial: a token bucket for each agent and one for the office.

A stuck key or a stolen session must not become a telephone bill.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Bucket:
    """Holds up to `size` tokens and gains `per_minute` of them a minute."""

    size: float
    per_minute: float
    tokens: float = field(init=False)
    filled_at: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.tokens = self.size

    def take(self, now: datetime) -> bool:
        """Take one token; False when there is none. `now` is UTC."""
        if self.filled_at is not None:
            gained = (now - self.filled_at).total_seconds() / 60 * self.per_minute
            self.tokens = min(self.size, self.tokens + max(0.0, gained))
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class DialLimits:
    """20 dials a minute for one agent (bursts of 10), 120 for the office (bursts of 60)."""

    def __init__(self) -> None:
        self._office = Bucket(size=60, per_minute=120)
        self._agents: dict[str, Bucket] = {}

    def take(self, agent_id: str, now: datetime) -> bool:
        """May this agent dial now? Counts when it may."""
        mine = self._agents.setdefault(agent_id, Bucket(size=10, per_minute=20))
        return mine.take(now) and self._office.take(now)
