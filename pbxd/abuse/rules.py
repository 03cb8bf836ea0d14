"""Warn or block? Pure."""

from __future__ import annotations

import re

from pbxd.abuse.model import MOST_WARNINGS, Kind, Step
from pbxd.errors import InvalidInput

WORD = re.compile(r"[a-z][a-z0-9_]{1,19}")
LONGEST_NAME = 40


def step(kind: Kind, warned: int) -> Step:
    """What the button does now, after `warned` warnings of this kind in this call."""
    return Step.WARNED if warned < kind.warnings else Step.BLOCKED


def announcement(kind: Kind, what: Step) -> str:
    """The sound file, below `pbxd/`, and the place of `dialplan/pbxd-abuse.conf` that plays it."""
    return f"{'warn' if what is Step.WARNED else 'block'}-{kind.word}"


def refuse_number(incidents: int, block_after: int) -> bool:
    """Does this number get no further?"""
    return 0 < block_after <= incidents


def check_kind(word: str, name: str, warnings: int) -> Kind:
    """A kind as the office wants it. Raises InvalidInput."""
    if not WORD.fullmatch(word):
        raise InvalidInput(
            "abuse-word", "A sound name has 2 to 20 letters a to z and digits.", field="word"
        )
    name = name.strip()
    if len(name) > LONGEST_NAME:
        raise InvalidInput("abuse-name", "A name has at most 40 characters.", field="name")
    if not 0 <= warnings <= MOST_WARNINGS:
        raise InvalidInput("abuse-warnings", "Enter 0 to 3 warnings.", field="warnings")
    return Kind(word, name, warnings)
