"""What the pages of the phonebook send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from console.lists.forms import SortedQuery
from pbxd.phonebook.model import Format


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class EntryForm(_Form):
    """One entry; `private`: only its writer sees it."""

    id: Annotated[str, Field(max_length=26)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    number: Annotated[str, Field(max_length=64)] = ""
    group: Annotated[str, Field(max_length=200)] = ""
    speed: Annotated[str, Field(max_length=20)] = ""
    memo: Annotated[str, Field(max_length=2000)] = ""
    private: bool = False
    version: int = 1


class ListQuery(SortedQuery):
    """Which part of the book; `edit`: one entry to change."""

    q: Annotated[str, Field(max_length=80)] = ""
    group: Annotated[str, Field(max_length=80)] = ""
    edit: Annotated[str, Field(max_length=26)] = ""
    file: Annotated[str, Field(pattern="^(xlsx|vcf)$")] = "xlsx"

    @property
    def address(self) -> str:
        """The page as it is, no entry open."""
        asked = self.link(edit="", file="")
        return f"/phonebook?{asked}" if asked else "/phonebook"


class IdsForm(_Form):
    """The ticked ones."""

    id: list[str] = []


class DeviceForm(_Form):
    """A desk phone that is to read the book."""

    extension: Annotated[str, Field(max_length=8)] = ""
    format: Format = Format.YEALINK
