"""What is refused, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """Why somebody is refused, in one word."""

    SPAM = "spam"
    NUISANCE = "nuisance"
    ABUSE = "abuse"  # also written by the abuse block itself
    HARASSMENT = "harassment"
    OTHER = "other"

    @classmethod
    def read(cls, word: str) -> BlockKind:
        """The kind of that word; OTHER for one of the office's own, or none."""
        return cls(word) if word in cls.__members__.values() else cls.OTHER


class How(StrEnum):
    """What who is refused hears."""

    SAY = "say"  # the announcement `call-refused`, then the end
    BUSY = "busy"  # the network's busy tone


@dataclass(frozen=True, slots=True)
class Entry:
    """One number, or all that begin so.

    `number`: E.164 or short code; a prefix as canonical digits (`rules.prefix`). `expires_at` UTC,
    None never. `added_by` is a user's id, "" pbxd itself.
    """

    id: str
    number: str
    is_prefix: bool
    kind: BlockKind
    name: str
    reason: str
    added_at: datetime
    added_by: str
    expires_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """It has not expired."""
        return self.expires_at is None or at < self.expires_at


@dataclass(frozen=True, slots=True)
class Policy:
    """For all entries; `anonymous`: callers who hide their number are refused too."""

    how: How = How.SAY
    anonymous: bool = False
