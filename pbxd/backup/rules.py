"""When a backup is due, and which ones are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Policy:
    """`at` is of the office's clock (S1-39); `last` 2 and no others is S1-43's two generations."""

    automatic: bool = True
    at: time = time(17, 55)
    folder: str = ""  # "": `backups` beside the database
    last: int = 2
    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    recordings: bool = False  # of calls, beside it; on another disk they want room of their own


def kept(made: Iterable[datetime], policy: Policy, zone: ZoneInfo) -> frozenset[datetime]:
    """The newest ones, and the newest of each of the last days, weeks and months that have any."""
    newest = sorted(made, reverse=True)
    keep = set(newest[: max(1, policy.last)])
    for count, form in (
        (policy.daily, "%Y-%m-%d"),
        (policy.weekly, "%G-%V"),
        (policy.monthly, "%Y-%m"),
    ):
        periods: dict[str, datetime] = {}
        for one in newest:
            periods.setdefault(one.astimezone(zone).strftime(form), one)
        keep |= set(list(periods.values())[:count])
    return frozenset(keep)


def due(policy: Policy, last: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """The time of today has come (or the last one was missed) and nothing was made since."""
    if not policy.automatic:
        return False
    local = now.astimezone(zone)
    latest = local.replace(hour=policy.at.hour, minute=policy.at.minute, second=0, microsecond=0)
    if latest > local:
        latest -= timedelta(days=1)
    return last is None or last < latest
