"""Lists that are in memory: in any order, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from pbxd.store.paging import PAGE, Page

T = TypeVar("T")


class HasId(Protocol):
    """A row that a page can end with."""

    @property
    def id(self) -> str: ...


Entry = TypeVar("Entry", bound=HasId)
Orders = Mapping[str, Callable[[T], Any]]  # by the word of a column: what it is sorted by


def in_order(rows: Sequence[T], sort: str, by: Orders[T], own: str) -> tuple[str, list[T]]:
    """The order they have (`own`: when there is no such one) and the rows in it.

    Who has nothing there ("", None) stands at the end both ways.
    """
    sort = sort if sort.removeprefix("-") in by else own
    key = by[sort.removeprefix("-")]
    filled = [row for row in rows if key(row) not in ("", None)]
    blank = [row for row in rows if key(row) in ("", None)]
    return sort, [*sorted(filled, key=key, reverse=sort.startswith("-")), *blank]


def finding(query: str) -> Callable[[str, str], bool]:
    """Tells of a number and a text: its digits are in that one, or all its words in this one."""
    digits = "".join(char for char in query if char.isdigit()).lstrip("0")
    words = query.lower().split()

    def fits(number: str, text: str) -> bool:
        if digits and digits in number:
            return True
        text = text.lower()
        return all(word in text for word in words)

    return fits


def part(rows: Sequence[Entry], cursor: str, size: int = PAGE) -> Page[Entry]:
    """One page: `cursor` names the row before it, or (with "-") behind it; gone: the first."""
    places = {row.id: place for place, row in enumerate(rows)}
    place = places.get(cursor.removeprefix("-"))
    start = 0 if place is None else max(0, place - size) if cursor.startswith("-") else place + 1
    shown = tuple(rows[start : start + size])
    return Page(
        shown,
        next=shown[-1].id if start + size < len(rows) else "",
        previous=f"-{shown[0].id}" if start and shown else "",
    )
