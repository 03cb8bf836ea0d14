"""Entries of the phonebook as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Entry:
    """`owner_id` "": everybody's; else a user's own."""

    id: str
    owner_id: str
    name: str
    number: str  # E.164, or short
    group: str = ""
    speed: str = ""  # one to three digits after *7; "" none
    memo: str = ""
    version: int = 1  # of an entry to save: the one that was seen


class Format(StrEnum):
    """Whose desk phones read it."""

    YEALINK = "yealink"
    GRANDSTREAM = "grandstream"
    SNOM = "snom"


@dataclass(frozen=True, slots=True)
class Device:
    """A desk phone that may read the book; the token itself is known to nobody but it."""

    id: str
    extension: str
    format: Format
    created_at: datetime
    last_at: datetime | None  # it read
