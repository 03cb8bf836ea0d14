"""What the ways cost that a search of a million customers may go. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import combinations
from math import prod


class Index(Enum):
    """Where the customers of a condition are listed: in an index of their own table, which has
    their rows; by id in one of another table; in the text index, whose ids are looked up."""

    OWN = 1
    OTHER = 2
    TEXT = 3


ROWS = 50  # of a page
# Microseconds, as they were measured on a million customers: to go past a customer in an order (who
# fits all may stand anywhere: somewhat more than 0.6), to list one, to find one that was listed, to
# look whether one is in another list, to read one here and one there on the way.
WALK = 0.8
LIST = {Index.OWN: 0.0, Index.OTHER: 0.0, Index.TEXT: 6.0}
FIND = {Index.OWN: 2.5, Index.OTHER: 5.0, Index.TEXT: 5.0}
BOTH = {Index.OWN: 0.35, Index.OTHER: 0.55}
FAR = 8.0


def listed(
    counts: Sequence[float], indexes: Sequence[Index], every: int
) -> dict[tuple[int, ...], float]:
    """What it costs to list first whom one condition has, or two; by none: to walk.

    `counts`: how many fit each, about; `every`: how many customers there are.
    """
    share = prod(count / every for count in counts)
    ways: dict[tuple[int, ...], float] = {(): min(ROWS / share, every) * WALK}
    for place, (count, index) in enumerate(zip(counts, indexes, strict=True)):
        ways[place,] = count * (LIST[index] + FIND[index])
    # the fewer are gone through, and looked for in the other ones, whose list is an index
    order = sorted(range(len(counts)), key=lambda one: (-indexes[one].value, counts[one]))
    for first, second in combinations(order, 2):
        if indexes[second] is not Index.TEXT:
            index = Index.OWN if indexes[first] is indexes[second] is Index.OWN else Index.OTHER
            both = (counts[first] + counts[second]) * BOTH[index]
            found = counts[first] * counts[second] / every * FIND[index]
            ways[first, second] = counts[first] * LIST[indexes[first]] + both + found
    return ways


def walked(
    counts: Sequence[float], indexes: Sequence[Index], by_id: Sequence[bool], every: int
) -> dict[tuple[int, ...], float]:
    """What it costs to walk whom an index has by id until a page is full, all checked; or only
    those whom another one lists."""
    share = prod(count / every for count in counts)
    ways: dict[tuple[int, ...], float] = {}
    for first in range(len(counts)):
        if not by_id[first]:
            continue
        seen = min(ROWS / share * counts[first] / every, counts[first])
        ways[first,] = seen * FAR
        for second, index in enumerate(indexes):
            if index is Index.OWN and second != first:
                found = seen * counts[second] / every * FAR
                ways[first, second] = (counts[second] + seen) * BOTH[Index.OWN] + found
    return ways
