"""What the daemon asks of others; `app.py` plugs in who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time (UTC, aware)."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """Somebody whom the CRM knows by a number.

    `settled`: nobody else has it, or this one was chosen for it before.
    """

    customer_id: str
    name: str
    settled: bool = True
    vip: bool = False


class CallerDirectory(Protocol):
    """Who has this number? Answered by the CRM."""

    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        """Customers with `number` (E.164 or short code); the one chosen last time comes first."""
        ...
