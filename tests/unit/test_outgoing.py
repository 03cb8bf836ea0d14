"""Who may call what: rules as expressions, the same for pbxd and for the dialplan."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.callers.numbers import Country, NumberKind, NumberPlan
from pbxd.errors import InvalidInput
from pbxd.outgoing.model import KINDS, LONGEST, Allowance, allowed, never, patterns, usual

KR = NumberPlan("KR", "02")
EXAMPLES: dict[Country, dict[NumberKind, tuple[str, ...]]] = {
    "KR": {
        NumberKind.MOBILE: ("010-1234-5678", "011-234-5678"),
        NumberKind.LANDLINE: ("02-555-0100", "031-123-4567", "064-123-4567", "5550100"),
        NumberKind.INTERNET: ("070-1234-5678",),
        NumberKind.REPRESENTATIVE: ("1588-0000",),
        NumberKind.FREE: ("080-123-4567",),
        NumberKind.SAFETY: ("0505-123-4567",),
        NumberKind.INTERNATIONAL: ("+81 3 1234 5678", "001-1-212-555-0100"),
        NumberKind.PREMIUM: ("060-700-1234",),
    },
    "TW": {
        NumberKind.MOBILE: ("0912-345-678",),
        NumberKind.LANDLINE: ("02-2345-6789", "03-123-4567"),
        NumberKind.FREE: ("0800-000-123",),
        NumberKind.INTERNATIONAL: ("+81 3 1234 5678",),
        NumberKind.PREMIUM: ("0204-123-456",),
    },
}


@pytest.mark.parametrize("country", ["KR", "TW"])
def test_each_kind_by_itself(country: Country) -> None:
    plan = NumberPlan(country, "02")
    for kind, numbers in EXAMPLES[country].items():
        only = Allowance(frozenset({kind}))
        others = Allowance(frozenset(KINDS[country]) - {kind})
        for number in numbers:
            parsed = plan.parse(number)
            assert parsed.kind is kind, number
            dialled = plan.dial_string(parsed)
            assert only.permits(dialled, country), (number, dialled)
            assert not others.permits(dialled, country), (number, dialled)


@pytest.mark.parametrize("country", ["KR", "TW"])
def test_the_usual_rule(country: Country) -> None:
    rule = usual(country)
    assert NumberKind.MOBILE in rule.kinds
    assert not rule.kinds & {NumberKind.INTERNATIONAL, NumberKind.PREMIUM}


def test_patterns_allow_and_forbid() -> None:
    rule = Allowance(
        frozenset({NumberKind.LANDLINE}),
        also=("+81*", "01012345678"),
        never=("02555XXXX",),
    )
    for number, may in {
        "0255501000": True,
        "025550100": False,
        "00813": True,
        "001813": True,
        "+813": True,
        "0082": False,
        "01012345678": True,
        "010123456789": False,
        "01011112222": False,
    }.items():
        assert rule.permits(number, "KR") is may, number
    assert not Allowance(frozenset()).permits("0255501000", "KR")


def test_patterns_as_people_type_them() -> None:
    assert patterns("0081*\n 02-555-xxxx, +1 212*;0081*\n\n", "also") == (
        "+81*",
        "02555XXXX",
        "+1212*",
    )
    for wrong in ("abc", "*", "01.*0", "0*1", "010'; DROP", "0" * 30):
        with pytest.raises(InvalidInput) as refusal:
            patterns(wrong, "never")
        assert refusal.value.field == "never"
    with pytest.raises(InvalidInput, match="At most"):
        patterns("\n".join(str(n) for n in range(1000, 1100)), "also")


PATTERN = st.from_regex(re.compile(r"\+?[0-9X]{1,12}\*?", re.ASCII), fullmatch=True)


@given(also=st.lists(PATTERN, max_size=5), not_=st.lists(PATTERN, max_size=5))
def test_expressions_hold_nothing_that_the_dialplan_would_read(
    also: list[str], not_: list[str]
) -> None:
    rule = Allowance(frozenset(KINDS["KR"]), tuple(also), tuple(not_))
    for text in (allowed(rule, "KR"), never(rule)):
        assert not set(text) & set('"\\{},;&'), text
        assert "$" not in text.removesuffix("$")
        re.compile(text or "x")
    assert len(allowed(Allowance(frozenset(KINDS["KR"])), "KR")) < LONGEST / 4
