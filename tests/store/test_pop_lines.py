"""The office chooses what a screen pop says; the choice survives a restart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from console.desk.lines import PopLines, texts
from console.desk.pop import DEFAULT_LINES, PopLine
from console.desk.ports import CallerCard
from console.desk.tables import desk_pop_lines
from pbxd.errors import InvalidInput
from pbxd.store.engine import Store


async def test_the_choice_is_kept(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "pbxd.sqlite3")
    try:
        async with store.writing() as conn:
            await conn.run_sync(desk_pop_lines.create)
        lines = PopLines(store)
        await lines.load()
        assert lines.chosen == DEFAULT_LINES
        await lines.choose(["memo", "grade", "memo"])
        again = PopLines(store)
        await again.load()
        assert again.chosen == (PopLine.MEMO, PopLine.GRADE)
        for wrong in ([], ["", ""], ["nonsense"], ["memo", "grade", "address", "company"]):
            with pytest.raises(InvalidInput):
                await again.choose(wrong)
        assert again.chosen == (PopLine.MEMO, PopLine.GRADE)
    finally:
        await store.close()


def test_a_line_without_anything_to_say_is_left_out() -> None:
    card = CallerCard("1", "김서준", memo=" 첫 줄\n둘째 줄", birthday=date(1990, 3, 1))
    wanted = [PopLine.COMPANY, PopLine.MEMO, PopLine.BIRTHDAY, PopLine.OPEN_ITEMS]
    assert texts(card, wanted) == [
        (PopLine.MEMO, "첫 줄"),
        (PopLine.BIRTHDAY, "1990-03-01"),
    ]
