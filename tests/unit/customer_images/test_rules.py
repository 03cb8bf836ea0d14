"""How many pictures, what stands under one, in which order."""

from __future__ import annotations

import pytest

from console.customer_images import rules
from pbxd.errors import Conflict, InvalidInput


@pytest.mark.parametrize(
    ("id", "by", "after"),
    [
        ("a", 1, "bac"),
        ("a", -1, "abc"),
        ("c", 1, "abc"),
        ("c", -1, "acb"),
        ("a", 9, "bca"),
        ("x", 1, "abc"),
    ],
)
def test_moved(id: str, by: int, after: str) -> None:
    assert rules.moved("abc", id, by) == tuple(after)


def test_a_caption() -> None:
    assert rules.caption("  명함 \n 앞면 ") == "명함 앞면"
    assert len(rules.caption("가" * 200)) == 200
    with pytest.raises(InvalidInput):
        rules.caption("가" * 201)


def test_fifty_and_no_more() -> None:
    rules.check_room(49)
    with pytest.raises(Conflict, match="50"):
        rules.check_room(50)


def test_every_reason_names_the_file() -> None:
    for reason in (*rules.REASONS, "something new"):
        assert "card.jpg" in str(rules.unusable(reason, "card.jpg"))
