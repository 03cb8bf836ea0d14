"""What the pages of refused numbers send."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from console.lists.forms import SortedQuery
from console.web.days import OptionalDay, end_of
from pbxd.blacklist.model import BlockKind, How
from pbxd.blacklist.service import Wanted


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class EntryForm(_Form):
    """A number, or all that begin so."""

    number: Annotated[str, Field(max_length=64)] = ""
    is_prefix: bool = False
    kind: BlockKind = BlockKind.NUISANCE
    name: Annotated[str, Field(max_length=200)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
    expires: OptionalDay = None  # the last day

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


class ListQuery(SortedQuery):
    """Which part of the list."""

    q: Annotated[str, Field(max_length=80)] = ""
    kind: BlockKind | None = None

    @property
    def address(self) -> str:
        """The page as it is."""
        asked = self.link()
        return f"/blacklist?{asked}" if asked else "/blacklist"


class TrialQuery(_Form):
    """What would have been refused?"""

    number: Annotated[str, Field(max_length=64)] = ""
    is_prefix: bool = False
