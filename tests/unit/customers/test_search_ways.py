"""Which way a search goes: by one condition, by two, or through all customers."""

from __future__ import annotations

import pytest

from console.customer_search.statement import MANY, cheapest


@pytest.mark.parametrize(
    ("counts", "near", "way"),
    [
        pytest.param([5_000, 60_000, 50_000], [True, True, True], (0,), id="one is rare"),
        pytest.param([4_000, 50_000, 60_000], [False, True, True], (0,), id="a rare word"),
        pytest.param([17_000, 50_000, 60_000], [False, True, True], (1, 2), id="words are dear"),
        pytest.param([60_000, 50_000], [True, True], (), id="many are both: a page is soon full"),
        pytest.param([60_000, 50_000, 70_000], [True, True, False], (1, 0), id="few are all three"),
        pytest.param([90_000], [True], (), id="one that is common"),
        pytest.param([MANY, MANY, MANY], [True, True, True], (), id="all are common"),
        pytest.param([MANY, 50_000, 70_000], [True, True, False], (), id="one is too common"),
    ],
)
def test_the_cheapest_way(counts: list[int], near: list[bool], way: tuple[int, ...]) -> None:
    assert cheapest(counts, near, 1_000_000) == way


def test_a_small_office_walks() -> None:
    assert cheapest([4_000, 4_500], [True, True], 5_000) == ()
