"""What the dialplan writes down is read as it was meant, and nothing else is taken for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.callbacks import spool
from pbxd.callbacks.model import Source
from pbxd.callers.numbers import NumberPlan

PLAN = NumberPlan("KR", "02")


def test_a_wish() -> None:
    value = "1790000000|closed|0255500100|01012345678|ko|17.1.wav|sales"
    wish = spool.request("17.1", value, PLAN.normalise)
    assert wish is not None
    assert (wish.key, wish.number, wish.source) == ("17.1", "+821012345678", Source.HOURS)
    assert wish.at == datetime.fromtimestamp(1790000000, UTC)
    assert (wish.line, wish.language, wish.message, wish.queue) == (
        "0255500100",
        "ko",
        "17.1.wav",
        "sales",
    )


@pytest.mark.parametrize(
    ("word", "source"),
    [("queue", Source.QUEUE), ("nobody", Source.NOBODY), ("in-NOANSWER", Source.NOBODY)],
)
def test_where_he_came_from(word: str, source: Source) -> None:
    wish = spool.request("k", f"1|{word}|1|01012345678|zh||", PLAN.normalise)
    assert wish is not None
    assert (wish.source, wish.language) == (source, "zh_Hant")


@pytest.mark.parametrize(
    "value",
    ["", "x|closed|1|2|ko||", "1|closed|1||ko||", "1|2|3", "9" * 20 + "|closed|1|010|ko||"],
)
def test_what_is_spoilt_is_left_alone(value: str) -> None:
    assert spool.request("k", value, PLAN.normalise) is None


@pytest.mark.parametrize("file", ["../../etc/passwd", "a/b.wav", "..", "x;rm.wav"])
def test_a_message_is_a_plain_file_name(file: str) -> None:
    wish = spool.request("k", f"1|closed|1|01012345678|ko|{file}|", PLAN.normalise)
    assert wish is not None
    assert wish.message == ""


@given(st.text(max_size=300))
def test_no_value_breaks_the_reading(value: str) -> None:
    spool.request("k", value, PLAN.normalise)
