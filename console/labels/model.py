"""Labels as values. Lengths are hundredths of a millimetre; a sheet's labels stand in rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from console.web.i18n import msgid


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of labels: its paper, how many, how large, margins at the left and top, gaps."""

    id: str
    name: str
    paper_width: int
    paper_height: int
    columns: int
    rows: int
    width: int
    height: int
    left: int
    top: int
    gap_x: int = 0
    gap_y: int = 0
    version: int = 0  # of an own one
    removed_at: datetime | None = None

    @property
    def per_sheet(self) -> int:
        """Labels on it."""
        return self.columns * self.rows

    @property
    def own(self) -> bool:
        """Made by the office."""
        return self.version > 0


class Direction(StrEnum):
    """How the text stands on a label (S3-42)."""

    ACROSS = "across"
    TURNED = "turned"  # by a quarter: the label is read upright
    DOWN = "down"  # columns from the right, characters upright


class Title(StrEnum):
    """Where a job title goes (S3-42)."""

    NONE = "none"
    INSTEAD = "instead"  # of the form of address
    BESIDES = "besides"


class Order(StrEnum):
    """In which order labels are printed."""

    NAME = "name"
    NUMBER = "number"
    POSTCODE = "postcode"


class Size(StrEnum):
    """How large the text is where there is room."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


MOST_COPIES = 200
AUTO, NONE = "auto", "none"  # by sex and kind, in the office's language; nothing
HONORIFICS = (AUTO, "님", "귀하", "귀중", "先生", "小姐", "君", "台啟", NONE)
MAIN, FURTHER = "main", "further"  # or a further address' kind

DIRECTIONS = {
    Direction.ACROSS: msgid("Across (landscape)"),
    Direction.TURNED: msgid("Turned (portrait)"),
    Direction.DOWN: msgid("Vertical writing"),
}
TITLES = {
    Title.NONE: msgid("Not printed"),
    Title.INSTEAD: msgid("In place of the form of address"),
    Title.BESIDES: msgid("Besides the form of address"),
}
ORDERS = {
    Order.NAME: msgid("Name"),
    Order.NUMBER: msgid("Customer number"),
    Order.POSTCODE: msgid("Postcode"),
}
SIZES = {
    Size.SMALL: msgid("Small"),
    Size.NORMAL: msgid("Normal"),
    Size.LARGE: msgid("Large"),
}


def _honorific(text: str) -> str:
    return text if text in HONORIFICS else AUTO


class Options(BaseModel):
    """What stands on a label and how (S3-41, S3-42), also as the address of a page has it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: Annotated[str, Field(max_length=80)] = MAIN
    honorific: Annotated[str, Field(max_length=10), AfterValidator(_honorific)] = AUTO
    title: Title = Title.NONE
    postcode: bool = True
    company: bool = False
    phone: bool = False
    number: bool = False
    sender: bool = False
    direction: Direction = Direction.ACROSS
    size: Size = Size.NORMAL
    order: Order = Order.NAME
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1


@dataclass(frozen=True, slots=True)
class Recipient:
    """A customer as a label's choice needs him; `further`: (kind, postcode, address, extra)."""

    id: str
    name: str
    number: str
    postcode: str
    address: str
    no_label: bool
    further: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter goes."""

    postcode: str
    address: str
    address2: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """The office on labels."""

    name: str = ""
    postcode: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a label; `word` says what it is."""

    word: str
    text: str


Label = tuple[Line, ...]  # empty: nothing is printed there


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who gets a label, in order, and who does not, and why."""

    ids: tuple[str, ...]
    refused: tuple[Recipient, ...] = ()  # "no printed labels" (S3-15)
    homeless: tuple[Recipient, ...] = ()  # no address
