"""What the page of things to do sends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from console.desk.forms import OptionalKey
from pbxd.callbacks.model import Policy
from pbxd.errors import InvalidInput

YEAR = timedelta(days=365)
Day = Annotated[date | None, BeforeValidator(lambda typed: typed or None)]


class Tab(StrEnum):
    """Which of the lists."""

    CALLBACKS = "callbacks"
    RECALLS = "recalls"
    MISSED = "missed"
    DONE = "done"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ListQuery(_Form):
    """Which part of the list; without days: what is open since a year (기간무시, S4-67)."""

    tab: Tab = Tab.CALLBACKS
    since: Day = None
    until: Day = None
    mine: bool = False
    number: Annotated[str, Field(max_length=64)] = ""  # begins the form
    customer: OptionalKey = ""

    def period(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """From when, until when (UTC)."""
        begin = now - YEAR
        if self.since is not None:
            begin = max(begin, datetime.combine(self.since, time.min, zone).astimezone(UTC))
        if self.until is None:
            return begin, None
        end = datetime.combine(self.until + timedelta(days=1), time.min, zone)
        return begin, end.astimezone(UTC)

    @property
    def address(self) -> str:
        """The same list again, for a link."""
        parts = [f"tab={self.tab.value}"]
        parts += [f"since={self.since}"] if self.since else []
        parts += [f"until={self.until}"] if self.until else []
        parts += ["mine=true"] if self.mine else []
        return "&".join(parts)


def moment(typed: str, zone: ZoneInfo) -> datetime | None:
    """`2026-11-21T18:10` of the office's clock, UTC; "" None. Raises InvalidInput."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        raise InvalidInput("due-form", "Choose a day and a time.", field="due") from None


class PromiseForm(_Form):
    """Somebody is to be called back."""

    number: Annotated[str, Field(max_length=64)] = ""
    due: Annotated[str, Field(max_length=30)] = ""
    note: Annotated[str, Field(max_length=4000)] = ""
    agent: Annotated[str, Field(max_length=26)] = ""


class AssignForm(_Form):
    """Whose it is, until when."""

    version: int = 1
    agent: Annotated[str, Field(max_length=26)] = ""
    due: Annotated[str, Field(max_length=30)] = ""
    note: Annotated[str, Field(max_length=4000)] = ""


class IdsForm(_Form):
    """The ticked ones."""

    id: list[str] = []
    tab: Tab = Tab.CALLBACKS


class CustomerForm(_Form):
    """All of one customer."""

    customer: Annotated[str, Field(max_length=26)]


class PolicyForm(_Form):
    """What becomes a callback."""

    hours: bool = False
    nobody: bool = False
    queue: bool = False
    missed: bool = False
    abandoned: bool = False
    close_when_reached: bool = False
    hand_over_minutes: Annotated[int, Field(ge=5, le=1440)] = 30

    def policy(self) -> Policy:
        """As the service takes it."""
        return Policy(**self.model_dump())
