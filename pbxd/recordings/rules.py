"""Names of raw files, where a recording begins, and whether it can be right. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pbxd.recordings.model import Fault, Kind
from pbxd.recordings.policy import Mode

_RAW = re.compile(r"rec-([A-Za-z0-9.-]{1,150})_(\d{1,12})\.raw")
_MESSAGE = re.compile(r"((?:[A-Za-z0-9.-]{1,120}-)?(\d{9,12})\.\d{1,12})\.wav")
SILENT_DB = -55.0
TOLERANCE_S, TOLERANCE = 2.0, 0.02


@dataclass(frozen=True, slots=True)
class Raw:
    """A file of the spool by its name: whose channel, begun when (a message: when he called)."""

    name: str
    channel: str
    begun: datetime
    kind: Kind = Kind.TALK


def raw(name: str) -> Raw | None:
    """`rec-UNIQUEID_SECONDS.raw` or a message, `UNIQUEID.wav`; None: it is not ours."""
    for pattern, kind in ((_RAW, Kind.TALK), (_MESSAGE, Kind.MESSAGE)):
        if found := pattern.fullmatch(name):
            return Raw(name, found[1], datetime.fromtimestamp(int(found[2]), UTC), kind)
    return None


def kept(answered_at: datetime | None, mode: Mode, wished: bool) -> bool:
    """Ringing and waiting are not: somebody has to have talked."""
    return answered_at is not None and (mode is Mode.ALWAYS or (mode is Mode.DEMAND and wished))


def lead(file_seconds: float, talk_seconds: float) -> float:
    """How much of the beginning is before the answer: ringing, waiting. The ends are one moment."""
    more = file_seconds - talk_seconds
    return more if more > 0 else 0.0


def faults(
    seconds: float, talk_seconds: float | None, left_db: float, right_db: float, damaged: bool
) -> tuple[Fault, ...]:
    """What cannot be right. `talk_seconds` None: no call is known."""
    found = []
    if talk_seconds is None:
        found.append(Fault.NO_CALL)
    elif abs(seconds - talk_seconds) > max(TOLERANCE_S, talk_seconds * TOLERANCE):
        found.append(Fault.LENGTH)
    if left_db < SILENT_DB:
        found.append(Fault.LEFT_SILENT)
    if right_db < SILENT_DB:
        found.append(Fault.RIGHT_SILENT)
    if damaged:
        found.append(Fault.DAMAGED)
    return tuple(found)


def message_faults(*, known: bool, damaged: bool) -> tuple[Fault, ...]:
    """Of a message: who says nothing is no fault of the recording."""
    faults = {Fault.NO_CALL: not known, Fault.DAMAGED: damaged}
    return tuple(fault for fault, there in faults.items() if there)


def offsets(
    pauses: Sequence[tuple[datetime, datetime | None]], started: datetime, seconds: float
) -> tuple[tuple[float, float], ...]:
    """Pauses as seconds of the recording; one that was not ended lasts to its end."""
    found = []
    for begun, ended in pauses:
        start = max(0.0, (begun - started).total_seconds())
        stop = seconds if ended is None else min(seconds, (ended - started).total_seconds())
        if stop > start:
            found.append((round(start, 2), round(stop, 2)))
    return tuple(found)


def folder(started: datetime) -> str:
    """Where a recording is kept: by day, so that no directory grows for ever."""
    return f"{started:%Y/%m/%d}"


def expires(now: datetime, keep_days: int) -> datetime | None:
    """Older ones go; None: none does."""
    return now - timedelta(days=keep_days) if keep_days else None
