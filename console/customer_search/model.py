"""What is searched for, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """How a text has to fit (S1-59 … S1-62)."""

    CONTAINS = "contains"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    EXACT = "exact"


# Searched by their text; labels are the customer's fields'.
TEXTS = (
    "number", "name", "company", "department", "title", "address", "email", "membership",
    "referrer", "remarks", "memo", "alias",
)  # fmt: skip
CODES = ("grade", "category", "method")
FLAGS = ("vip", "caution", "prospect", "no_sms", "no_label")


@dataclass(frozen=True, slots=True)
class Range:
    """Of an own field: numbers, amounts, or days as 20261121."""

    least: float | None = None
    most: float | None = None


Days = tuple[date, date]  # first and last


@dataclass(frozen=True, slots=True)
class Wanted:
    """All conditions hold at once; what is empty asks nothing. Days are the office's.

    `flags`: word → wanted truth; `own`: an own field's id → text it holds, or its range.
    """

    texts: tuple[tuple[str, str], ...] = ()
    mode: Mode = Mode.CONTAINS
    phone: str = ""
    kind: str = ""
    sex: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    group: str = ""
    flags: tuple[tuple[str, bool], ...] = ()
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    birth_within: Days | None = None  # whose birthday falls on one of these, solar or lunar
    wedding_within: Days | None = None
    quiet_since: date | None = None  # no contact on this day or after it
    age_from: int | None = None
    age_to: int | None = None
    registered: tuple[date | None, date | None] = (None, None)
    contacted: tuple[date | None, date | None] = (None, None)
    consulted: str = ""
    served: tuple[date | None, date | None] = (None, None)
    amount: tuple[int | None, int | None] = (None, None)  # of all services of that time
    summary: str = ""
    own: tuple[tuple[str, str | Range], ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing is asked."""
        return self == Wanted(mode=self.mode)
