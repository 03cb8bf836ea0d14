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
    members: tuple[str, ...] = ()
    here: frozenset[str] = frozenset()

    @property
    def asterisk_name(self) -> str:
        """The queue of `dialplan/queues-pbxd.conf.j2` that it is."""
        return f"pbxd-{self.strategy}-{self.slot}"


@dataclass(frozen=True, slots=True)
class Today:
    """What has become of a queue's callers since midnight."""

    answered: int = 0
    abandoned: int = 0
    in_time: int = 0  # answered within the service level

    @property
    def service_level(self) -> int | None:
        """Per cent of all callers who were answered in time; None: there were none."""
        total = self.answered + self.abandoned
        return None if total == 0 else round(100 * self.in_time / total)
