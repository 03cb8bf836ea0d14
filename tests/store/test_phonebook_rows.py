"""Many rows of a phonebook at once."""

from __future__ import annotations

from pathlib import Path

from pbxd.app import build
from pbxd.phonebook.model import Entry
from tests.loopback import on_loopback


def rows(*said: tuple[str, str, str]) -> list[Entry]:
    return [Entry("", "", name, number, "", speed) for name, number, speed in said]


async def test_all_of_them_or_what_is_wrong_in_their_order(tmp_path: Path) -> None:
    daemon = await build(on_loopback(tmp_path))
    book = daemon.phonebook
    added, wrong = await book.add_many(
        rows(
            ("김서준", "02-555-1234", "5"),
            ("왕샤오밍", "02-555-1235", "5"),
            ("", "02-555-1236", ""),
            ("이하준", "없음", ""),
        )
    )
    assert (added, book.shared()) == (0, ())
    assert [(one.details["row"], one.field) for one in wrong] == [
        (2, "speed"), (3, "name"), (4, "number"),
    ]  # fmt: skip
    good = rows(("김서준", "02-555-1234", "5"), ("김서준", "+82 2 555 1234", ""))
    assert await book.add_many(good * 2) == (1, []), "who is there is not added again"
    assert [entry.speed for entry in book.shared()] == ["5"]
    await daemon.stop()
