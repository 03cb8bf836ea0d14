"""Which sealed numbers give way when two customers are made one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from console.customers.model import Details
from console.further_numbers.model import FIELDS


def alike(kept: Details, other: Details, opened: Callable[[str], str]) -> Details:
    """`other` with `kept`'s token where both are one number: sealed twice, it looks different."""
    same: dict[str, Any] = {
        word: mine
        for word in FIELDS
        if (mine := getattr(kept, word))
        and (theirs := getattr(other, word))
        and opened(mine) == opened(theirs)
    }
    return replace(other, **same)


def losing(kept: Details, other: Details, take: Collection[str]) -> list[tuple[str, bool]]:
    """(field, whether it is `kept`'s) of numbers of which only one can be the customer's own."""
    return [
        (word, word in take)
        for word in FIELDS
        if getattr(kept, word) and getattr(other, word, "") not in ("", getattr(kept, word))
    ]
