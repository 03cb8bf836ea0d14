"""How a number is written in Asterisk's database, and which of a caller's numbers fit. Pure.

The dialplan (`pbxd-blocked`) makes the same key of a caller ID without pbxd: it takes off the
country's code and one leading zero. So 010-1234-5678, +82 10 1234 5678 and 01012345678 are one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pbxd.blacklist.model import Entry, How, Policy
from pbxd.errors import InvalidInput

LONGEST_PREFIX = 15  # digits of an E.164 number
SHORTEST_PREFIX = 3  # as typed
_PREFIX = re.compile(r"\+?[0-9]+")


def key(number: str, country: str) -> str:
    """The key of a stored number (E.164 or short); `country` is `+82`."""
    return number.removeprefix(country).removeprefix("0")


def prefix(text: str, country: str) -> str:
    """The canonical form of a typed prefix (`060`, `02-123`, `+1`). Raises InvalidInput."""
    plain = re.sub(r"[\s\-().]", "", text)
    if not _PREFIX.fullmatch(plain):
        raise InvalidInput(
            "prefix-nonsense", "Enter the first digits of the numbers, as 060.", field="number"
        )
    found = key(plain, country)
    typed = len(plain.removeprefix("+"))
    if not SHORTEST_PREFIX <= typed <= LONGEST_PREFIX or len(found) < SHORTEST_PREFIX - 1:
        raise InvalidInput(
            "prefix-length",
            "Enter 3 to 15 digits, as 060: fewer would refuse half the country.",
            field="number",
        )
    return found


def e164_beginnings(canonical: str, country: str) -> tuple[str, ...]:
    """How the stored numbers begin that a prefix means."""
    if canonical.startswith("+"):
        return (canonical,)
    return (f"{country}{canonical}", canonical)


def shown_prefix(canonical: str) -> str:
    """A prefix as people write it: 060…, 1588…, +1…"""
    if canonical.startswith(("+", "15")):
        return f"{canonical}…"
    return f"0{canonical}…"


def mirror(entries: Iterable[Entry], country: str) -> tuple[dict[str, str], dict[str, str]]:
    """What Asterisk's database shall hold: exact keys, and prefixes; value: epoch seconds or 0."""
    exact: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for entry in entries:
        until = "0" if entry.expires_at is None else str(int(entry.expires_at.timestamp()))
        if entry.is_prefix:
            prefixes[entry.number] = until
        else:
            exact[key(entry.number, country)] = until
    return exact, prefixes


def settings(policy: Policy, prefixes: Iterable[str]) -> dict[str, str]:
    """The rest of it: how to refuse, hidden numbers, which lengths of prefixes there are."""
    lengths = sorted({len(one) for one in prefixes})
    found = {"lengths": "-".join(map(str, lengths))} if lengths else {}
    if policy.anonymous:
        found["anonymous"] = "yes"
    if policy.how is How.BUSY:
        found["how"] = How.BUSY.value
    return found
