"""What the pages of refused numbers send."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pbxd.blacklist.model import BlockKind, How
from pbxd.blacklist.service import Wanted


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


def _or_none(typed: object) -> object:
    return None if typed == "" else typed


class EntryForm(_Form):
    """A number, or all that begin so."""

    number: Annotated[str, Field(max_length=64)] = ""
    is_prefix: bool = False
    kind: BlockKind = BlockKind.NUISANCE
    name: Annotated[str, Field(max_length=200)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
    expires: Annotated[date | None, BeforeValidator(_or_none)] = None  # the last day

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """As the service takes it: refused to the end of the last day here."""
        return Wanted(
            self.number,
            self.is_prefix,
            self.kind,
            self.name,
            self.reason,
            end_of(self.expires, zone) if self.expires is not None else None,
        )


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When that day is over in the office, UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    return midnight.astimezone(UTC)


class QuickForm(_Form):
    """One click on a call or a customer."""

    number: Annotated[str, Field(max_length=64)] = ""
    name: Annotated[str, Field(max_length=200)] = ""


class IdsForm(_Form):
    """The ticked ones."""

    id: list[str] = []
    undo: bool = False  # pressed in a notice: the page stays


class PolicyForm(_Form):
    """For all entries."""

    how: How = How.SAY
    anonymous: bool = False


class ListQuery(_Form):
    """Which part of the list."""

    q: Annotated[str, Field(max_length=80)] = ""
    kind: BlockKind | None = None
    after: Annotated[str, Field(max_length=26)] = ""


class TrialQuery(_Form):
    """What would have been refused?"""

    number: Annotated[str, Field(max_length=64)] = ""
    is_prefix: bool = False
