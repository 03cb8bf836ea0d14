"""What the page of things to do sends."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from console.desk.forms import OptionalKey
from console.web.days import OptionalDay, end_of, moment, start_of
from pbxd.callbacks.model import Policy
from pbxd.errors import InvalidInput

YEAR = timedelta(days=365)


class Tab(StrEnum):
    """Which of the lists."""

    CALLBACKS = "callbacks"
    UNFINISHED = "unfinished"  # consultations (미완료, S4-71)
    RECALLS = "recalls"
    MISSED = "missed"
    DONE = "done"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ListQuery(_Form):
    """Which part of the list; without days: what is open since a year (기간무시, S4-67)."""

    tab: Tab = Tab.CALLBACKS
    since: OptionalDay = None
    until: OptionalDay = None
    mine: bool = False
    sort: Annotated[str, Field(max_length=40)] = ""
    cursor: Annotated[str, Field(max_length=400)] = ""
    number: Annotated[str, Field(max_length=64)] = ""  # begins the form
    customer: OptionalKey = ""

    def period(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """From when, until when (UTC)."""
        begin = now - YEAR
        if self.since is not None:
            begin = max(begin, start_of(self.since, zone))
        return begin, None if self.until is None else end_of(self.until, zone)

    def link(self, **changes: object) -> str:
        """The same list again, some values changed; not what begins the form."""
        values: dict[str, Any] = {"tab": self.tab.value} | self.model_dump(
            mode="json", exclude_defaults=True, exclude={"number", "customer"}
        )
        values |= changes
        return urlencode({key: value for key, value in values.items() if value not in ("", None)})


def due_at(typed: str, zone: ZoneInfo) -> datetime | None:
    """`2026-11-21T18:10` of the office's clock, UTC; "" None. Raises InvalidInput."""
    if not typed:
        return None
    try:
        return moment(typed, zone)
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
