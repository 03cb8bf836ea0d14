"""The office's rule for the length of a call, and where one call stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AtEnd(StrEnum):
    """What happens when the time is over."""

    END = "end"  # the customer hears an announcement and is hung up
    AGENT = "agent"  # the agent is told, and ends it or goes on


class How(StrEnum):
    """How a limited call went on."""

    WARNED = "warned"
    EXTENDED = "extended"
    OVER = "over"  # the time is over and the agent goes on
    ENDED = "ended"  # by the announcement


@dataclass(frozen=True, slots=True)
class Rule:
    """The office's rule. Seconds are of talk with the customer, holding counted.

    `most_extensions` 0: as often as the agent likes. `exempt_queues` are queues' words; `vip`
    True: important customers are not limited.
    """

    on: bool = False
    incoming: bool = True
    outgoing: bool = False
    warn_seconds: int = 15 * 60
    end_seconds: int = 20 * 60
    extend_seconds: int = 5 * 60
    most_extensions: int = 0
    at_end: AtEnd = AtEnd.END
    vip: bool = True
    exempt_queues: tuple[str, ...] = ()


PUBLIC_OFFICE = Rule(on=True)


@dataclass(frozen=True, slots=True)
class Progress:
    """What has happened in one call. Times UTC."""

    linkedid: str
    warned_at: datetime | None = None
    extensions: int = 0
    over_at: datetime | None = None
    ended: bool = False
    exempt: bool | None = None  # None: not looked up yet


@dataclass(frozen=True, slots=True)
class Limit:
    """What the agent's screen shows. Times UTC."""

    warn_at: datetime
    end_at: datetime
    warned: bool
    over: bool
    can_extend: bool
    at_end: AtEnd
