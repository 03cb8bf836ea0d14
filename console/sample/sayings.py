"""What is said at the telephone of an office that rents out water purifiers: `sayings.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Saying:
    """A consultation: its first two types by name, how often, and what was added later.

    `so_far` may stand in an unfinished one, `more` ends it.
    """

    types: tuple[str, str]
    text: str
    so_far: str
    more: tuple[str, ...]
    often: int
    again: str  # why to call again; "" it is settled


def sayings() -> tuple[list[Saying], list[Saying]]:
    """Those of customers and those of prospects."""
    values = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return [_saying(one) for one in values["customers"]], [
        _saying(one) for one in values["prospects"]
    ]


def _saying(values: dict[str, Any]) -> Saying:
    first, second = values["types"]
    return Saying(
        (first, second),
        values["text"],
        values.get("so_far", ""),
        tuple(values.get("more", ())),
        values.get("often", 2),
        values.get("again", ""),
    )
