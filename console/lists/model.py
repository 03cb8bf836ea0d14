"""Columns of a list as values, and how somebody arranges them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from console.web.i18n import Language

Choice = tuple[tuple[str, bool, bool], ...]  # (column, on a wide screen, on a narrow one)


@dataclass(frozen=True, slots=True)
class Column:
    """What a list can show; `label` in the reader's language, or a msgid until `in_words`.

    `wide`, `small`: shown there unless somebody chose otherwise; `always`: cannot be hidden;
    `falls`: the first click on its heading sorts from high to low.
    """

    word: str
    label: str
    wide: bool = True
    small: bool = False
    always: bool = False
    right: bool = False
    sorts: bool = False
    falls: bool = False

    @property
    def css(self) -> str:
        """Where it is seen, for the cell."""
        seen = "" if self.wide and self.small else "hide-small" if self.wide else "only-small"
        return f"{seen} right".strip() if self.right else seen


@dataclass(frozen=True, slots=True)
class Arranged:
    """All columns of one list in somebody's order; `back` is where the chooser leads to."""

    name: str
    every: tuple[Column, ...]
    back: str
    chosen: bool = False  # not as the office has it

    @property
    def shown(self) -> tuple[Column, ...]:
        """Those that are seen at all."""
        return tuple(one for one in self.every if one.wide or one.small)

    def shows(self, word: str) -> bool:
        """Is it seen at all?"""
        return any(one.word == word for one in self.shown)


def in_words(columns: Iterable[Column], language: Language) -> list[Column]:
    """Columns whose labels are msgids, for a reader."""
    return [replace(one, label=language.text(one.label)) for one in columns]


def arranged(offered: Sequence[Column], choice: Choice) -> tuple[Column, ...]:
    """The choice put on what is offered now; what came since stands at the end."""
    known = {one.word: one for one in offered}
    made = [
        replace(known.pop(word), wide=wide, small=small)
        for word, wide, small in choice
        if word in known
    ]
    found = (*made, *known.values())
    return tuple(replace(one, wide=True, small=True) if one.always else one for one in found)


def choice_of(order: Iterable[str], wide: Iterable[str], small: Iterable[str]) -> Choice:
    """From what the chooser sends."""
    on_wide, on_small = set(wide), set(small)
    return tuple((word, word in on_wide, word in on_small) for word in dict.fromkeys(order))
