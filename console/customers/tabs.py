"""The tabs of a customer's page: each is brought by a capability (`Capability.tabs`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from console.customers.model import Customer

if TYPE_CHECKING:
    from console.web.context import Context


@dataclass(frozen=True, slots=True)
class Count:
    """The number beside a tab's name; `waits`: of what somebody has still to do."""

    number: int
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened with a customer; `template` draws `row` in the timeline."""

    at: datetime
    icon: str
    template: str
    row: Any
    day: date | None = None  # when nobody knows the hour


Pane = Callable[["Context", Customer], Awaitable[str]]
Counter = Callable[["Context", Customer], Awaitable[Count]]
# the newest before a time (None: of all), so many
Moments = Callable[["Context", Customer, datetime | None, int], Awaitable[list[Moment]]]


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `label` is a msgid, `menu` the right that it asks for.

    `only_filled`: without anything in it, it is not there.
    """

    word: str
    label: str
    order: int
    menu: str
    pane: Pane
    count: Counter | None = None
    moments: Moments | None = None
    only_filled: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A tab as the page shows its name."""

    tab: Tab
    count: Count | None


def tabs_of(context: Context) -> tuple[Tab, ...]:
    """Those that this viewer may see, in order."""
    return tuple(tab for tab in context.services.tabs if context.viewer.may(tab.menu))


async def heads(context: Context, customer: Customer, chosen: str) -> list[Head]:
    """Names and numbers; the chosen one is there even when it is empty."""
    found = []
    for tab in tabs_of(context):
        count = await tab.count(context, customer) if tab.count is not None else None
        if not tab.only_filled or tab.word == chosen or (count is not None and count.number):
            found.append(Head(tab, count))
    return found
