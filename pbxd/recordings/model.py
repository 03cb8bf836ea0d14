"""Recordings as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pbxd.calls.model import Direction


class Kind(StrEnum):
    """What was recorded."""

    TALK = "talk"
    MESSAGE = "message"  # a caller spoke who reached nobody (dialplan/pbxd-callback.conf)


class Fault(StrEnum):
    """What the plausibility check may find wrong."""

    LENGTH = "length"  # not as long as the call was
    LEFT_SILENT = "left"  # nothing of the customer
    RIGHT_SILENT = "right"  # nothing of us
    NO_CALL = "call"  # no call is known to which it belongs
    DAMAGED = "damaged"  # the file could not be read to its end


class Use(StrEnum):
    """What was done with one; all of it is kept."""

    LISTENED = "listened"
    DOWNLOADED = "downloaded"
    DELETED = "deleted"
    EXPIRED = "expired"
    ROOM = "room"  # deleted because the disk was full
    HELD = "held"
    RELEASED = "released"


class Codec(StrEnum):
    """How recordings are kept."""

    OPUS = "opus"
    MP3 = "mp3"


@dataclass(frozen=True, slots=True)
class Recording:
    """One file: the customer left, we right; a message has one side. Times UTC, `started_at` is
    the file's first sound."""

    id: str
    call_id: str
    channel: str  # uniqueid of the customer's channel
    started_at: datetime
    seconds: float
    file: str  # below the recordings' directory
    size: int  # bytes
    sha256: str
    direction: Direction
    number: str  # of the outside party
    customer_id: str
    agent_id: str
    extension: str
    left_db: float  # loudness (dB below full scale)
    right_db: float
    faults: tuple[Fault, ...]
    pauses: tuple[tuple[float, float], ...]  # seconds: silenced on purpose
    on_hold: bool  # never deleted by age
    deleted_at: datetime | None
    kind: Kind = Kind.TALK

    @property
    def type(self) -> str:
        """MIME."""
        return "audio/mpeg" if ".mp3" in self.file else "audio/ogg"


@dataclass(frozen=True, slots=True)
class Marker:
    """A comment at a second."""

    id: str
    at_seconds: float
    text: str
    by: str
    written_at: datetime
