"""What the screen pop asks of the customer files; the customers capability answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LastCall:
    """A customer's last call before this one: `direction` and `outcome` are words, `at` UTC."""

    at: datetime
    direction: str
    outcome: str
    agent: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class CallerCard:
    """One customer as the pop shows it. Absent things are empty, never None.

    `doubtful`: the number fits, but not for sure. `remembered`: somebody said that it is this one.
    """

    customer_id: str
    name: str
    company: str = ""
    address: str = ""
    grade: str = ""
    flags: tuple[str, ...] = ()  # "vip", "caution" …
    memo: str = ""
    more: tuple[tuple[str, str], ...] = ()  # (field's word, text) that the office wants to see
    birthday: date | None = None
    last_contact_at: datetime | None = None
    last_call: LastCall | None = None
    open_items: int = 0
    doubtful: bool = False
    remembered: bool = False


class CallerCards(Protocol):
    """The customer files, as far as the desk needs them."""

    async def cards(self, number: str) -> tuple[CallerCard, ...]:
        """Customers with `number` (E.164); the one chosen last time comes first."""
        ...

    async def choose(self, number: str, customer_id: str) -> None:
        """Remember for `number` who it was."""
        ...

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        """The names of these customers."""
        ...
