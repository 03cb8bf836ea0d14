"""Lists in memory: nobody is lost, blanks stand at the end both ways, pages there and back."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from console.lists.memory import in_order, part


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    name: str = ""
    weight: int | None = None


BY = {"name": lambda one: one.name, "weight": lambda one: one.weight}
things = st.lists(
    st.tuples(st.sampled_from(["", "a", "b", "가"]), st.sampled_from([None, 0, 1, -1])),
    max_size=20,
).map(lambda made: [Thing(str(n), *one) for n, one in enumerate(made)])


@given(things, st.sampled_from(["name", "-name", "weight", "-weight"]))
def test_blanks_stand_at_the_end(rows: list[Thing], sort: str) -> None:
    word = sort.removeprefix("-")
    found, ordered = in_order(rows, sort, BY, "name")
    assert found == sort
    assert sorted(one.id for one in ordered) == sorted(one.id for one in rows)
    keys = [BY[word](one) for one in ordered]
    filled = [one for one in keys if one not in ("", None)]
    assert keys[: len(filled)] == sorted(filled, reverse=sort.startswith("-"))


def test_no_such_order() -> None:
    rows = [Thing("1", "b"), Thing("2", "a")]
    for sort in ("", "-", "--name", "colour"):
        found, ordered = in_order(rows, sort, BY, "name")
        assert (found, [one.id for one in ordered]) == ("name", ["2", "1"])


@given(things, st.integers(1, 7))
def test_there_and_back(rows: list[Thing], size: int) -> None:
    pages = [part(rows, "", size)]
    while pages[-1].next:
        pages.append(part(rows, pages[-1].next, size))
    assert [one for page in pages for one in page.rows] == rows
    back = pages[-1]
    for page in reversed(pages[:-1]):
        back = part(rows, back.previous, size)
        assert back.rows == page.rows
    assert back.previous == ""
    assert part(rows, "gone", size) == pages[0]
