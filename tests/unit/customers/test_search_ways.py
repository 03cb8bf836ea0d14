"""Which way a search goes: by one condition, by two, or through all customers."""

from __future__ import annotations

import pytest

from console.customer_search.ways import Index, listed, walked

OWN, OTHER, TEXT = Index


@pytest.mark.parametrize(
    ("counts", "indexes", "way"),
    [
        pytest.param([5_000, 60_000, 50_000], [OWN, OWN, OWN], (0,), id="one is rare"),
        pytest.param([4_000, 50_000, 60_000], [TEXT, OWN, OWN], (0,), id="a rare word"),
        pytest.param([17_000, 50_000, 60_000], [TEXT, OWN, OWN], (1, 2), id="words are dear"),
        pytest.param([12_000, 50_000, 300_000], [TEXT, OWN, OWN], (0, 1), id="words, an index"),
        pytest.param([60_000, 50_000], [OWN, OWN], (), id="many are both: a page is soon full"),
        pytest.param([60_000, 50_000, 70_000], [OWN, OWN, TEXT], (1, 0), id="few are all three"),
        pytest.param([60_000, 50_000, 70_000], [OTHER, OWN, TEXT], (0, 1), id="of two tables"),
        pytest.param([90_000], [OWN], (), id="one that is common"),
        pytest.param([300_000, 400_000, 90_000], [OWN, OWN, OWN], (), id="all are common"),
    ],
)
def test_the_cheapest_way(counts: list[float], indexes: list[Index], way: tuple[int, ...]) -> None:
    ways = listed(counts, indexes, 1_000_000)
    assert min(ways, key=ways.__getitem__) == way


def test_a_small_office_walks() -> None:
    ways = listed([4_000, 4_500], [OWN, OWN], 5_000)
    assert min(ways, key=ways.__getitem__) == ()


@pytest.mark.parametrize(
    ("counts", "way"),
    [
        pytest.param([67_000, 53_000, 72_000], (0, 1), id="a code, those of a month"),
        pytest.param([67_000, 990_000, 72_000], (0,), id="the second one is nearly all"),
    ],
)
def test_the_newest_of_a_code(counts: list[float], way: tuple[int, ...]) -> None:
    ways = walked(counts, [OWN, OWN, TEXT], [True, False, False], 1_000_000)
    assert set(ways) == {(0,), (0, 1)}
    assert min(ways, key=ways.__getitem__) == way
    others = listed(counts, [OWN, OWN, TEXT], 1_000_000)
    assert ways[way] < min(others.values())


def test_none_without_a_code() -> None:
    assert walked([67_000, 53_000], [OWN, TEXT], [False, False], 1_000_000) == {}
