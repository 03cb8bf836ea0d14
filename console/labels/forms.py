"""What the pages of labels send; the address of the page holds the whole choice."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.labels import rules
from console.labels.model import Options, Sender, Sheet
from console.labels.sheets import STANDARD

Typed = Annotated[str, Field(max_length=400)]  # checked by the rules, so that it stays typed
Shift = Annotated[float, Field(ge=-20, le=20)]  # mm
COUNTS = ("columns", "rows")
SENDER = "sender"  # the office's own labels


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ChoiceQuery(Options):
    """Everything about one printing but for whom; `chosen` tells unticked from not asked."""

    chosen: bool = False
    sheet: Annotated[str, Field(max_length=40)] = STANDARD[1].id
    start: Annotated[int, Field(ge=1, le=1600)] = 1
    postcode: bool = False  # unticked
    shift_x: Shift = 0
    shift_y: Shift = 0
    edges: bool = False

    @classmethod
    def kept_as(cls, text: str) -> Self:
        """From `kept`; what an older version wrote and cannot be read is left out."""
        try:
            return cls.model_validate(dict(parse_qsl(text)))
        except ValidationError:
            return cls(chosen=True, postcode=True)

    def kept(self) -> str:
        """What is offered the next time: not the place on one used sheet, nor copies."""
        return urlencode(self._values(exclude={"start", "copies"}))

    def link(self, **changes: object) -> str:
        """The same for an address, some values changed."""
        return urlencode(self._values() | changes)

    def _values(self, exclude: set[str] | None = None) -> dict[str, object]:
        values = self.model_dump(mode="json", exclude_defaults=True, exclude=exclude)
        return {**values, "chosen": "true"}


FIRST = ChoiceQuery(postcode=True)  # of who has never printed labels


class WhomQuery(_Form):
    """For whom: a list by its name (as a customer's page has it), or ticked ones, or a class."""

    list: Annotated[str, Field(max_length=20_000)] = ""
    group: Annotated[str, Field(max_length=26)] = ""
    grade: Annotated[str, Field(max_length=26)] = ""
    category: Annotated[str, Field(max_length=26)] = ""

    def named(self) -> str:
        """The list's name."""
        classes = {"group": self.group, "grade": self.grade, "category": self.category}
        asked = {name: id for name, id in classes.items() if id}
        return self.list or (f"s:{urlencode(asked)}" if asked else "")


class PartQuery(_Form):
    """Which page of very many; `now`: printed as soon as it is drawn."""

    part: Annotated[int, Field(ge=0, le=10_000)] = 0
    now: bool = False


class ShiftQuery(_Form):
    """A sheet's measures, moved."""

    sheet: Annotated[str, Field(max_length=40)] = ""
    shift_x: Shift = 0
    shift_y: Shift = 0


class SheetForm(_Form):
    """An own sheet as it is typed, in millimetres."""

    name: Typed = ""
    paper_width: Typed = "210"
    paper_height: Typed = "297"
    columns: Typed = "2"
    rows: Typed = "8"
    width: Typed = ""
    height: Typed = ""
    left: Typed = ""
    top: Typed = ""
    gap_x: Typed = ""
    gap_y: Typed = ""
    version: int = 0

    def made(self, id: str = "") -> Sheet:
        """As the service takes it. Raises InvalidInput."""
        lengths: dict[str, Any] = {
            name: rules.length(getattr(self, name), name)
            for name in rules.FIELDS
            if name not in COUNTS
        }
        counts: dict[str, Any] = {
            name: rules.count(getattr(self, name), name) for name in ("columns", "rows")
        }
        return Sheet(id=id, name=self.name[:80], **lengths, **counts, version=self.version)


def typed_of(sheet: Sheet) -> SheetForm:
    """What is kept, as it is typed."""
    values = asdict(sheet)
    lengths = {name: f"{values[name] / 100:g}" for name in rules.FIELDS if name not in COUNTS}
    counts = {"columns": str(sheet.columns), "rows": str(sheet.rows)}
    return SheetForm(name=sheet.name, **lengths, **counts, version=sheet.version)


class SenderForm(_Form):
    """The office on labels."""

    name: Annotated[str, Field(max_length=80)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    address: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""

    def made(self) -> Sender:
        """As the service takes it."""
        return Sender(**{name: " ".join(text.split()) for name, text in self.model_dump().items()})
