"""One number, one key, however it is written; and what goes into Asterisk's database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.blacklist import rules
from pbxd.blacklist.model import BlockKind, Entry, How, Policy
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput

KOREA = NumberPlan("KR", "02")
TAIWAN = NumberPlan("TW", "02")
THEN = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def entry(number: str, *, is_prefix: bool = False, expires_at: datetime | None = None) -> Entry:
    return Entry(number, number, is_prefix, BlockKind.SPAM, "", "", THEN, "", expires_at)


def as_the_dialplan(caller_id: str, code: str) -> str:
    """dialplan/pbxd-blocked.conf, step by step."""
    key = "".join(char for char in caller_id if char in "+0123456789")
    if code and key.startswith(code):
        key = key[len(code) :]
    return key.removeprefix("0")


@pytest.mark.parametrize(
    ("plan", "written"),
    [
        (KOREA, ["01012345678", "+821012345678", "+8201012345678", "010-1234-5678"]),
        (KOREA, ["025550100", "+8225550100"]),
        (KOREA, ["15880000", "+8215880000"]),
        (KOREA, ["+14155550123"]),
        (TAIWAN, ["0912345678", "+886912345678"]),
        (TAIWAN, ["0223456789", "+886223456789"]),
    ],
)
def test_the_store_and_the_dialplan_make_the_same_key(plan: NumberPlan, written: list[str]) -> None:
    keys = {rules.key(plan.normalise(one), plan.prefix) for one in written}
    keys |= {as_the_dialplan(one, plan.prefix) for one in written}
    assert len(keys) == 1


@given(st.from_regex(r"01[016789][0-9]{7,8}", fullmatch=True))
def test_all_mobiles(number: str) -> None:
    stored = KOREA.normalise(number)
    assert rules.key(stored, KOREA.prefix) == as_the_dialplan(number, "+82")
    assert rules.key(stored, KOREA.prefix) == as_the_dialplan(stored, "+82")


@pytest.mark.parametrize(
    ("typed", "canonical", "shown"),
    [
        ("060", "60", "060…"),
        ("02-123", "2123", "02123…"),
        ("+1", None, ""),
        ("+1 415", "+1415", "+1415…"),
        ("+8260", "60", "060…"),
        ("1588", "1588", "1588…"),
    ],
)
def test_prefixes(typed: str, canonical: str | None, shown: str) -> None:
    if canonical is None:
        with pytest.raises(InvalidInput, match="3 to 15"):
            rules.prefix(typed, "+82")
        return
    assert rules.prefix(typed, "+82") == canonical
    assert rules.shown_prefix(canonical) == shown


@pytest.mark.parametrize("typed", ["", "abc", "06a", "0", "0 6", "02", "+82", "1" * 20, "+", "٠٦٠"])
def test_what_is_no_prefix(typed: str) -> None:
    with pytest.raises(InvalidInput):
        rules.prefix(typed, "+82")


def test_the_mirror() -> None:
    until = datetime(2027, 1, 1, tzinfo=UTC)
    exact, prefixes = rules.mirror(
        [
            entry("+821012345678"),
            entry("+14155550123", expires_at=until),
            entry("60", is_prefix=True),
            entry("+1900", is_prefix=True, expires_at=until),
        ],
        "+82",
    )
    seconds = str(int(until.timestamp()))
    assert exact == {"1012345678": "0", "+14155550123": seconds}
    assert prefixes == {"60": "0", "+1900": seconds}
    assert rules.settings(Policy(), prefixes) == {"lengths": "2-5"}
    assert rules.settings(Policy(How.BUSY, anonymous=True), {}) == {
        "anonymous": "yes",
        "how": "busy",
    }
