"""What the pages of the board send."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from console.notices.model import Content, Notice
from console.web.days import OptionalDay
from pbxd.errors import InvalidInput


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class NoticeForm(_Form):
    """A notice; its files come beside it."""

    title: Annotated[str, Field(max_length=1000)] = ""
    text: Annotated[str, Field(max_length=100_000)] = ""
    pinned: bool = False
    to: Literal["all", "teams"] = "all"
    teams: list[str] = []
    until: OptionalDay = None
    version: int = 0
    removed: list[str] = []  # files that go

    def content(self) -> Content:
        """As the service takes it. Raises InvalidInput (teams)."""
        if self.to == "teams" and not self.teams:
            raise InvalidInput("notice-teams", "Choose at least one department.", field="teams")
        teams = tuple(self.teams) if self.to == "teams" else ()
        return Content(self.title, self.text, self.pinned, teams, self.until)


class ListQuery(_Form):
    """Which part of the board."""

    tab: Literal["", "past"] = ""
    q: Annotated[str, Field(max_length=80)] = ""
    cursor: Annotated[str, Field(max_length=400)] = ""

    def link(self, **changes: object) -> str:
        """The same list, some values changed."""
        values = self.model_dump(exclude_defaults=True) | changes
        return urlencode({key: value for key, value in values.items() if value != ""})


def as_typed(notice: Notice) -> NoticeForm:
    """The form of a notice that is there."""
    content = notice.content
    return NoticeForm(
        title=content.title,
        text=content.text,
        pinned=content.pinned,
        to="teams" if content.teams else "all",
        teams=list(content.teams),
        until=content.until,
        version=notice.version,
    )
