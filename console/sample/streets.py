"""Postcodes of the roads of the sample's customers: a small file in Korea Post's form.

Ends of spans only, of November 2021 (kozip 1.1.4, MIT, out of Korea Post's 지역별 주소 DB).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from console.addresses.build import Plan, make
from console.addresses.model import SUB
from console.addresses.sources import Building, rows

POSTCODES = Path(__file__).with_name("postcodes.txt")


@dataclass(frozen=True, slots=True)
class Place:
    """A building number with its postcode and neighbourhood."""

    number: int
    postcode: str
    quarter: str


def make_table(directory: Path) -> None:
    """The finder's table of these roads."""
    make(Plan(directory=directory, country="KR", file=POSTCODES, keep_free=0), _quiet)


@lru_cache(1)
def places() -> dict[tuple[str, str], list[Place]]:
    """Of each (district, road) numbers that are there."""
    found: dict[tuple[str, str], list[Place]] = {}
    for row in rows(POSTCODES, _nothing):
        if isinstance(row, Building):
            street = row.street
            place = Place(row.key // SUB, row.postcode, street.quarter)
            found.setdefault((f"{street.region} {street.city}", street.road), []).append(place)
    return found


def _quiet(step: str, done: int, of: int) -> None:
    """Nobody waits."""


def _nothing(done: int, of: int) -> None:
    """Nobody waits."""
