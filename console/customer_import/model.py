"""A file that is being read in, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How far it is."""

    NEW = "new"  # uploaded; sheet and columns are to be chosen
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Policy(StrEnum):
    """What happens to a row whose customer is there already."""

    SKIP = "skip"
    UPDATE = "update"
    NEW = "new"


class Same(StrEnum):
    """When a row is a customer who is there already (a customer number always decides first)."""

    PHONE = "phone"
    PHONE_NAME = "phone_name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read. `columns`: field's word for each column, "" left out."""

    sheet: int = 0
    header: int = 1  # 0 none, else the row of the headings (S4-13)
    columns: tuple[str, ...] = ()
    policy: Policy = Policy.SKIP
    same: Same = Same.PHONE
    zero: bool = True  # give numbers back the 0 that Excel took
    make_codes: bool = True  # words that no list has are added to it
    coding: str = ""  # of a text file, as Python calls it; "" guessed
    separator: str = ""  # of a text file; "" guessed


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of the rows."""

    created: int = 0
    changed: int = 0
    skipped: int = 0
    wrong: int = 0

    @property
    def done(self) -> int:
        """Rows that were looked at."""
        return self.created + self.changed + self.skipped + self.wrong


@dataclass(frozen=True, slots=True)
class Import:
    """One file. `sheets`: (name, rows, columns); `total`: rows below the header."""

    id: str
    by: str
    at: datetime
    name: str
    sheets: tuple[tuple[str, int, int], ...]
    plan: Plan = field(default_factory=Plan)
    state: State = State.NEW
    total: int = 0
    counts: Counts = field(default_factory=Counts)
    batch_id: str = ""
    zeros: int = 0  # numbers that lack their 0
    new_codes: tuple[str, ...] = ()  # words that no list has

    @property
    def text(self) -> bool:
        """It is no workbook."""
        return not self.sheets[0][0]

    @property
    def cut_short(self) -> bool:
        """It was stopped, or went wrong, before its end: it can go on."""
        stopped = self.state in (State.CANCELLED, State.FAILED)
        return stopped and bool(self.batch_id) and self.counts.done < self.total

    @property
    def busy(self) -> bool:
        """It goes on by itself."""
        return self.state in (State.CHECKING, State.RUNNING)
