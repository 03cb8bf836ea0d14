"""What the address finder works with."""

from __future__ import annotations

from dataclasses import dataclass

SUB = 10_000  # a building number 12-3 (12之3) is kept as 12 * SUB + 3
ENDLESS = 10**9  # "and above"


@dataclass(frozen=True, slots=True)
class Street:
    """A road (or a building on it) of the table.

    `quarter` is the neighbourhood (동, 읍면 리); Taiwan has none. `building` and `number` are ""
    for a road.
    """

    region: str
    city: str
    quarter: str
    road: str
    building: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Building numbers of one road that have one postcode.

    `lane`: only inside of it (`52巷`, `52巷3弄`); `side`: 1 odd, 2 even, 0 both; `low` and `high`
    are kept as `SUB` says. `note` is the post's own wording, "" where the numbers say all.
    """

    postcode: str
    side: int = 0
    low: int = 0
    high: int = ENDLESS
    lane: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: words of the place, the number, and what stood behind it."""

    words: tuple[str, ...] = ()
    postcode: str = ""
    lanes: tuple[int, ...] = ()  # Taiwan: 巷, 弄
    number: str = ""  # as it is written in an address
    key: int = 0  # the same to compare; 0 none
    rest: str = ""  # floor, room: no part of what is looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the finder. `complete`: with a building number."""

    postcode: str
    address: str
    about: str = ""
    complete: bool = False
    own: bool = False  # out of the office's customers


@dataclass(frozen=True, slots=True)
class Found:
    """What the finder shows; `more`: there are others, type more."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The postcode table of this office. `made_at` ISO, UTC."""

    country: str
    source: str
    made_at: str
    streets: int
    spans: int
    size: int  # bytes
