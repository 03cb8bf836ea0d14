"""Announcements as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LANGUAGES = ("ko", "zh", "en")
LONGEST_TEXT = 500
MOST_BYTES = 20 * 2**20
LONGEST_SECONDS = 180.0


class Source(StrEnum):
    """Where an announcement's sound comes from."""

    DEFAULT = "default"  # what pbxd brings
    SPOKEN = "spoken"  # the office's text, spoken by the machine
    RECORDED = "recorded"  # the office's own recording


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound for both kinds of telephones: WAV, mono, 16 bit, at 8 and at 16 kHz."""

    narrow: bytes
    wide: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Announcement:
    """`name` is the sound file's below `pbxd/`; `text` what it says, if known."""

    name: str
    language: str
    source: Source
    text: str
    seconds: float = 0.0
    sha256: str = ""  # of the narrow sound
    changed_at: datetime | None = None
    changed_by: str = ""
