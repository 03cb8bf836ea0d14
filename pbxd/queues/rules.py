"""What a queue may be, and what it shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from pbxd.errors import Conflict, InvalidInput
from pbxd.queues.model import SLOTS, Queue, Strategy

WORD = re.compile(r"[a-z][a-z0-9_]{1,19}")
MUSIC = re.compile(r"[A-Za-z0-9_-]{0,40}")
LONGEST_WAIT = 3600


def check(queue: Queue) -> Queue:
    """A queue as the office wants it. Raises InvalidInput."""
    if not WORD.fullmatch(queue.word):
        raise InvalidInput(
            "queue-word", "A short name has 2 to 20 letters a to z and digits.", field="word"
        )
    if not 1 <= len(queue.name.strip()) <= 40:
        raise InvalidInput("queue-name", "Enter a name of 1 to 40 characters.", field="name")
    if not 10 <= queue.max_wait <= LONGEST_WAIT:
        raise InvalidInput("queue-wait", "Enter 10 to 3600 seconds.", field="max_wait")
    if not 1 <= queue.service_level <= queue.max_wait:
        raise InvalidInput(
            "queue-level", "Enter 1 second up to the longest wait.", field="service_level"
        )
    limits = (
        ("ring_seconds", 5, 120),
        ("most_waiting", 0, 999),
        ("last_agent_days", 0, 365),
        ("warn_wait", 1, LONGEST_WAIT),
        ("alarm_wait", 1, LONGEST_WAIT),
    )
    for field, least, most in limits:
        if not least <= getattr(queue, field) <= most:
            raise InvalidInput(
                "queue-range", "Enter {least} to {most}.", field=field, least=least, most=most
            )
    if not MUSIC.fullmatch(queue.music):
        raise InvalidInput(
            "queue-music", "A class of music has letters, digits, - and _ only.", field="music"
        )
    return queue


def settings(queue: Queue) -> dict[str, str]:
    """What the dialplan reads of a queue in AstDB (`dialplan/pbxd-queues.conf`)."""
    return {
        "name": queue.asterisk_name,
        "wait": str(queue.max_wait),
        "ring": str(queue.ring_seconds),
        "most": str(queue.most_waiting or ""),
        "overflow": queue.overflow,
        "music": queue.music,
        "last": "yes" if queue.last_agent_days else "",
    }


def free_slot(strategy: Strategy, others: Iterable[Queue]) -> int:
    """A queue of that strategy that nobody uses. Raises Conflict."""
    taken = {other.slot for other in others if other.strategy is strategy}
    for slot in range(1, SLOTS + 1):
        if slot not in taken:
            return slot
    raise Conflict("queue-slots", "There are no more queues of this kind; choose another one.")


def longest_wait(waiting: Mapping[str, datetime], now: datetime) -> float:
    """Seconds that the first in line has waited."""
    return max(((now - since).total_seconds() for since in waiting.values()), default=0.0)
