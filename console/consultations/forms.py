"""What the pages of consultations send."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from console.consultations.queries import Filter
from console.consultations.service import Written
from console.lists.forms import SortedQuery
from console.web.days import OptionalDay, end_of, moment, start_of
from console.web.forms import FormId
from pbxd.errors import InvalidInput

MONTH = timedelta(days=31)
Id = Annotated[str, Field(max_length=26)]
Back = Literal["customer", "unfinished", "recalls", "log"]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class WriteForm(_Form):
    """A new case (상담등록, S4-90)."""

    type1: Id = ""
    type2: Id = ""
    type3: Id = ""
    text: Annotated[str, Field(max_length=50_000)] = ""
    remarks: Annotated[str, Field(max_length=2000)] = ""
    recall: Annotated[str, Field(max_length=20)] = ""
    done: bool = False
    made: FormId = ""

    def written(self, zone: ZoneInfo) -> Written:
        """As the service takes it. Raises InvalidInput (recall)."""
        recall = None
        if self.recall:
            try:
                recall = moment(self.recall, zone)
            except ValueError:
                raise InvalidInput(
                    "recall-form", "Choose a day and a time.", field="recall"
                ) from None
        types = (self.type1, self.type2, self.type3)
        return Written(self.text, types, self.remarks, recall, self.done, self.made)


class TextForm(_Form):
    """Something more in a case, or other words (`version` is what was seen)."""

    text: Annotated[str, Field(max_length=50_000)] = ""
    version: int = 0
    back: Back = "customer"


class DoneForm(_Form):
    """It is done (or not after all), and to which page one goes back."""

    done: bool = True
    back: Back = "customer"


class LogQuery(SortedQuery):
    """Which part of the history; without days the last month (S4-39)."""

    since: OptionalDay = None
    until: OptionalDay = None
    type1: Id = ""
    type2: Id = ""
    type3: Id = ""
    by: Id = ""
    q: Annotated[str, Field(max_length=80)] = ""
    address: Annotated[str, Field(max_length=80)] = ""
    open: bool = False

    def filter(self, now: datetime, zone: ZoneInfo) -> Filter:
        """As the store takes it."""
        since = None if self.since is None else start_of(self.since, zone)
        if self.since is None and self.until is None:
            since = now - MONTH
        return Filter(
            since,
            None if self.until is None else end_of(self.until, zone),
            tuple(one for one in (self.type1, self.type2, self.type3) if one),
            self.by,
            self.q.strip(),
            self.address.strip(),
            open=self.open,
        )


class TypeForm(_Form):
    """A consultation type."""

    level: int = 1
    name: Annotated[str, Field(max_length=200)] = ""
    colour: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    plain: bool = False  # no colour
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
