"""Two people edit one customer: of lists too, nobody's row is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from console.customers.rules import merged

HOME = {"number": "+8225550101", "kind": "home", "memo": ""}
MOBILE = {"number": "+821012345678", "kind": "mobile", "memo": ""}


def customer(**more: Any) -> dict[str, Any]:
    return {"phones": [], "groups": [], "entries": [], "custom": []} | more


def test_one_adds_a_number_while_the_other_writes_beside_the_first() -> None:
    base = customer(phones=[HOME], custom=[["a", "1"]], groups=["x"])
    mine = customer(phones=[HOME, MOBILE], custom=[["a", "1"], ["b", "2"]], groups=["x", "y"])
    theirs = customer(phones=[HOME | {"memo": "저녁"}], custom=[["a", "3"]], groups=[])
    values, colliding = merged(base, mine, theirs)
    assert values["phones"] == [HOME | {"memo": "저녁"}, MOBILE]
    assert values["custom"] == [["a", "3"], ["b", "2"]]
    assert values["groups"] == ["y"]
    assert colliding == []


def test_the_same_number_changed_by_both_is_for_the_person_to_decide() -> None:
    mine, theirs = HOME | {"memo": "낮"}, HOME | {"memo": "밤", "kind": "work"}
    values, colliding = merged(
        customer(phones=[HOME]), customer(phones=[mine]), customer(phones=[theirs])
    )
    assert values["phones"] == [mine | {"kind": "work"}]
    assert colliding == ["phones"]


def test_what_one_deletes_and_the_other_changes_stays() -> None:
    changed = HOME | {"memo": "밤"}
    base, without = customer(phones=[HOME]), customer()
    for mine, theirs in (
        (without, customer(phones=[changed])),
        (customer(phones=[changed]), without),
    ):
        assert merged(base, mine, theirs)[0]["phones"] == [changed]
    assert merged(base, without, base)[0]["phones"] == []
    assert merged(base, base, without)[0]["phones"] == []


rows = st.lists(st.sampled_from(["배우자", "아들", "딸"]), unique=True, max_size=3)


@given(rows, rows, rows)
def test_every_row_that_somebody_added_is_there(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    before, one, two = ([["family", [row]] for row in some] for some in (base, mine, theirs))
    values, _ = merged(customer(entries=before), customer(entries=one), customer(entries=two))
    found = {cells[0] for _, cells in values["entries"]}
    assert found == (set(mine) & set(theirs)) | (set(mine) ^ set(theirs)) - set(base)
