"""Live lists: what is told makes the page's rows ours; who does not show a list hears nothing."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.live.parts import Rows, difference
from console.web.context import Viewer
from tests.unit.web.conftest import Pages, heard

ROWS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), max_size=8)


def applied(page: dict[str, str], change: dict[str, Any]) -> dict[str, str]:
    """What the page's script does with a change."""
    rows = {} if change["whole"] else dict(page)
    for key in change.get("gone", ()):
        del rows[key]
    rows.update(dict(change["rows"]))
    return {key: rows[key] for key in change.get("order", rows)}


@given(old=ROWS, new=st.permutations("abcdefgh"), kept=ROWS)
def test_a_change_makes_the_new_rows(old: Rows, new: list[str], kept: dict[str, str]) -> None:
    wanted = {key: kept[key] for key in new if key in kept}  # in any order
    change = difference("list", old, wanted)
    if change is None:
        assert list(old.items()) == list(wanted.items())
    else:
        there = applied(dict(old), change)
        assert list(there.items()) == list(wanted.items())


def test_only_what_changed_is_told() -> None:
    change = difference("list", {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "two", "d": "4"})
    assert change == {
        "part": "list",
        "whole": False,
        "rows": [("b", "two"), ("d", "4")],
        "gone": ["c"],
    }
    assert difference("list", {"a": "1"}, {"a": "1"}) is None


@pytest.fixture
async def shown(pages: Pages) -> tuple[Pages, dict[str, str]]:
    """A list of our own among the console's, and its rows."""
    rows = {"a": "<p data-row=a>1</p>"}

    def now(viewer: Viewer) -> Rows:
        del viewer
        return dict(rows)

    pages.parts.add("ours", "calls", now)
    pages.parts.add("secret", "users", now)
    return pages, rows


async def lists(stream: aiohttp.ClientWebSocketResponse) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await heard(stream, "rows"))["lists"]
    return found


async def test_who_shows_a_list_gets_it_whole_and_then_its_changes(
    shown: tuple[Pages, dict[str, str]],
) -> None:
    pages, rows = shown
    minah, yiting = await pages.open("minah"), await pages.open("yiting")
    await minah.send_json({"shows": ["ours", "no such list"]})
    assert await lists(minah) == [{"part": "ours", "whole": True, "rows": [["a", rows["a"]]]}]
    await yiting.send_json({"shows": []})
    assert await lists(yiting) == []
    rows["b"] = "<p data-row=b>2</p>"
    pages.parts.changed("ours")
    assert await lists(minah) == [{"part": "ours", "whole": False, "rows": [["b", rows["b"]]]}]
    await minah.send_json({"shows": []})
    assert await lists(minah) == []
    await yiting.send_json({"shows": ["ours"]})  # the next thing it hears: it was told nothing else
    assert len((await lists(yiting))[0]["rows"]) == 2


async def test_a_list_is_empty_for_who_may_not_see_it(
    shown: tuple[Pages, dict[str, str]],
) -> None:
    pages, _ = shown
    minah = await pages.open("minah")
    await minah.send_json({"shows": ["secret"]})
    assert await lists(minah) == [{"part": "secret", "whole": True, "rows": []}]


@pytest.mark.parametrize(
    "said",
    ["", "{", "[]", '{"shows": 3}', '{"shows": [3]}', '{"other": []}', "nonsense", "[" * 2000],
)
async def test_nonsense_from_a_page_changes_nothing(pages: Pages, said: str) -> None:
    stream = await pages.open("minah")
    await stream.send_str(said)
    await stream.send_json({"shows": ["colleagues"]})
    while not (now := await lists(stream)):
        pass
    assert now[0]["part"] == "colleagues"
