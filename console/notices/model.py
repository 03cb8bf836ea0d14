"""Notices as values. Times UTC, `until` a day of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

KIND = "notice"  # in the search index
MENU = "notices"


@dataclass(frozen=True, slots=True)
class File:
    """An attachment without its bytes."""

    id: str
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What the author decides."""

    title: str
    text: str
    pinned: bool = False
    teams: tuple[str, ...] = ()  # departments; none: for everybody
    until: date | None = None  # the last day on which it is in the list


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is kept."""

    id: str
    content: Content
    by: str
    at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1
    files: tuple[File, ...] = ()
