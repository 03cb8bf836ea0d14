"""A waiting queue as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SLOTS = 8  # queues of each strategy in dialplan/queues-pbxd.conf.j2


class Strategy(StrEnum):
    """How app_queue chooses whom to ring."""

    RINGALL = "ringall"
    RRMEMORY = "rrmemory"
    LEASTRECENT = "leastrecent"
    FEWESTCALLS = "fewestcalls"
    RANDOM = "random"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Queue:
    """`word` is its name in the dialplan; `number` the line (as dialled) whose callers wait in it.

    `max_wait` and `service_level` are seconds; `overflow` an extension or number, "" none.
    `ring_seconds` is how long one member is rung; when `most_waiting` wait, the next goes to the
    overflow (0 never); `last_agent_days` (0 off): who talked with the caller within so many days is
    rung first. `warn_wait` and `alarm_wait` (seconds) colour the wallboard.
    `members` are agents' ids; those of them who are logged in are in `here`.
    """

    word: str
    name: str
    strategy: Strategy = Strategy.RRMEMORY
    slot: int = 1
    number: str = ""
    max_wait: int = 300
    overflow: str = ""
    service_level: int = 20
    ring_seconds: int = 20
    most_waiting: int = 0
    tells_place: bool = False
    music: str = ""
    last_agent_days: int = 0
    warn_wait: int = 30
    alarm_wait: int = 90
    members: tuple[str, ...] = ()
    here: frozenset[str] = frozenset()

    @property
    def asterisk_name(self) -> str:
        """The queue of `dialplan/queues-pbxd.conf.j2` that it is."""
        return f"pbxd-{self.strategy}-{self.slot}{'-told' if self.tells_place else ''}"


class Left(StrEnum):
    """How a caller's waiting ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # he hung up
    OVERFLOW = "overflow"  # he was sent elsewhere


@dataclass(frozen=True, slots=True)
class Today:
    """What has become of a queue's callers since midnight."""

    answered: int = 0
    abandoned: int = 0
    in_time: int = 0  # answered within the service level
    overflow: int = 0

    @property
    def service_level(self) -> int | None:
        """Per cent of all callers who were answered in time; None: there were none."""
        total = self.answered + self.abandoned + self.overflow
        return None if total == 0 else round(100 * self.in_time / total)

    def with_one(self, how: Left, *, in_time: bool) -> Today:
        """One caller more."""
        return Today(
            self.answered + (how is Left.ANSWERED),
            self.abandoned + (how is Left.ABANDONED),
            self.in_time + (how is Left.ANSWERED and in_time),
            self.overflow + (how is Left.OVERFLOW),
        )
