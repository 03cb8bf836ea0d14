"""Only a few tests in real time are tried again."""

from __future__ import annotations

import pytest

from tests.again import MOST, once_more

RING, PAGE, RULE = "tests/pbx/test_a.py::one", "tests/browser/test_b.py::two", "tests/unit/c.py::x"


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        ([RING], True),
        ([RING, PAGE], True),
        ([RING, RULE], False),
        ([RING] * (MOST + 1), False),
        ([], False),
    ],
)
def test_what_may_have_been_chance(failed: list[str], again: bool) -> None:
    assert once_more(failed) is again
