"""The trades that come with pbxd: a file of words each, in three languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from console.fields.model import Kind
from console.trades.model import GROUPS, Coloured, OwnField, Trade, Words
from pbxd.errors import NotFound

FOLDER = Path(__file__).parent / "presets"
_GROUPS = [word for word, _ in GROUPS]


@cache
def trades() -> Mapping[str, Trade]:
    """By word, in the order of their groups and files."""
    found = [read(file.stem, tomllib.loads(file.read_text("utf-8"))) for file in FOLDER.iterdir()]
    found.sort(key=lambda one: (_GROUPS.index(one.group), one.word))
    return {one.word: one for one in found}


def trade(word: str) -> Trade:
    """One. Raises NotFound."""
    if (found := trades().get(word)) is None:
        raise NotFound("no-trade", "There is no such trade.")
    return found


def read(word: str, values: Mapping[str, Any]) -> Trade:
    """A file's content as a trade. Raises KeyError, ValueError: it is not whole."""
    return Trade(
        word=word,
        group=values["group"],
        name=_words(values["name"]),
        about=_words(values["about"]),
        codes={list: _coloured(rows) for list, rows in values.get("codes", {}).items()},
        fields=tuple(_field(one) for one in values.get("fields", ())),
        labels={field: _words(row) for field, row in values.get("labels", {}).items()},
        pop=tuple(values.get("pop", ())),
        types={int(level): _coloured(rows) for level, rows in values.get("types", {}).items()},
        phrases=tuple(_words(row) for row in values.get("phrases", ())),
    )


def _words(row: list[str]) -> Words:
    ko, chinese, english = row
    return ko, chinese, english


def _coloured(rows: list[list[str]]) -> tuple[Coloured, ...]:
    return tuple(Coloured(_words(row[:3]), "".join(row[3:])) for row in rows)


def _field(values: Mapping[str, Any]) -> OwnField:
    return OwnField(
        _words(values["name"]),
        Kind(values.get("kind", "text")),
        tuple(_words(row) for row in values.get("choices", ())),
        values.get("pop", False),
    )
