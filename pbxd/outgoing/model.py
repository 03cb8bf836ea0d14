"""What a role may call. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pbxd.callers.numbers import Country, NumberKind
from pbxd.errors import InvalidInput

KINDS: dict[Country, dict[NumberKind, str]] = {
    # how a number of a kind begins when it is dialled, as a POSIX expression
    "KR": {
        NumberKind.MOBILE: "01[016789]",
        NumberKind.LANDLINE: "0(2|[3-6][1-5])",
        NumberKind.INTERNET: "0(70|30)",
        NumberKind.REPRESENTATIVE: "1[568]",
        NumberKind.FREE: "080",
        NumberKind.SAFETY: "050",
        NumberKind.SHORT: "1[0-47][0-9]",
        NumberKind.INTERNATIONAL: "([+]|00[1-9])",
        NumberKind.PREMIUM: "060",
    },
    "TW": {
        NumberKind.MOBILE: "09",
        NumberKind.LANDLINE: "0(2[1-9]|[3-6]|7[1-9]|8[1-9])",
        NumberKind.INTERNET: "070",
        NumberKind.REPRESENTATIVE: "(02)?4(12|49)",
        NumberKind.FREE: "080[09]",
        NumberKind.SHORT: "1[0-9][0-9]",
        NumberKind.INTERNATIONAL: "([+]|00[1-9])",
        NumberKind.PREMIUM: "020[34]",
    },
}
BARRED = frozenset({NumberKind.INTERNATIONAL, NumberKind.PREMIUM, NumberKind.SHORT})
LONGEST = 1500  # of an expression in AstDB
MOST = 40  # patterns
_PREFIXES = ("002", "001", "00")  # before a country's code
_PATTERN = re.compile(r"\+?[0-9X]{1,20}\*?")


@dataclass(frozen=True, slots=True)
class Allowance:
    """`also` and `never` are patterns: digits, X for any digit, * at the end for any more.

    +81* is Japan, whichever prefix is dialled before 81.
    """

    kinds: frozenset[NumberKind]
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def permits(self, dialled: str, country: Country) -> bool:
        """The number as the PBX dials it. The dialplan decides by the same expressions."""
        if self.never and re.search(never(self), dialled):
            return False
        return re.search(allowed(self, country), dialled) is not None


def usual(country: Country) -> Allowance:
    """Without a rule: the country's numbers, without those that cost more."""
    return Allowance(frozenset(KINDS[country]) - BARRED)


def allowed(allowance: Allowance, country: Country) -> str:
    """The expression (POSIX ERE) of what may be called; it matches nothing when nothing may."""
    kinds = [f"{KINDS[country][kind]}[0-9]+" for kind in KINDS[country] if kind in allowance.kinds]
    parts = [*kinds, *map(_expression, allowance.also)]
    return f"^({'|'.join(parts)})$" if parts else "^(no)$"


def never(allowance: Allowance) -> str:
    """The expression of what may not; "" there is nothing."""
    return f"^({'|'.join(map(_expression, allowance.never))})$" if allowance.never else ""


def patterns(text: str, field: str) -> tuple[str, ...]:
    """Patterns as typed: one a line, or with commas. Raises InvalidInput."""
    found = []
    for word in re.split(r"[\n,;]+", text):
        pattern = re.sub(r"[\s().\-]", "", word).upper()
        if not pattern:
            continue
        if not _PATTERN.fullmatch(pattern):
            raise InvalidInput(
                "outgoing-pattern",
                "“{pattern}” is no pattern: digits, X for any digit, * at the end for any more.",
                field=field,
                pattern=word.strip()[:40],
            )
        found.append(_abroad(pattern))
    unique = tuple(dict.fromkeys(found))
    if len(unique) > MOST:
        raise InvalidInput(
            "outgoing-many", "At most {most} patterns; shorten them with *.", field=field, most=MOST
        )
    return unique


def _abroad(pattern: str) -> str:
    """One form for numbers of other countries, however they are dialled."""
    for prefix in _PREFIXES:
        if pattern.startswith(prefix) and len(pattern) > len(prefix):
            return f"+{pattern.removeprefix(prefix)}"
    return pattern


def _expression(pattern: str) -> str:
    return pattern.replace("+", "([+]|002|001|00)").replace("X", "[0-9]").removesuffix("*") + (
        "[0-9]*" if pattern.endswith("*") else ""
    )
