"""The three lines of a screen pop: which, and what they say about a customer."""

from __future__ import annotations

from collections.abc import Sequence

from console.desk import queries
from console.desk.pop import DEFAULT_LINES, PopLine
from console.desk.ports import CallerCard
from pbxd.errors import InvalidInput
from pbxd.store.engine import Store

AT_MOST = 3


class PopLines:
    """The office's choice, kept in memory because every ring needs it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.chosen: tuple[PopLine, ...] = DEFAULT_LINES

    async def load(self) -> None:
        """Read the choice from the store."""
        async with self._store.reading() as conn:
            self.chosen = await queries.pop_lines(conn) or DEFAULT_LINES

    async def choose(self, names: Sequence[str]) -> None:
        """Show these lines from now on. Raises InvalidInput."""
        wanted = dict.fromkeys(name for name in names if name)
        if not 1 <= len(wanted) <= AT_MOST or not set(wanted) <= set(PopLine):
            raise InvalidInput("pop-lines", "Choose one to three different lines.", field="line")
        lines = tuple(PopLine(name) for name in wanted)
        async with self._store.writing() as conn:
            await queries.choose_pop_lines(conn, lines)
        self.chosen = lines


def texts(card: CallerCard, lines: Sequence[PopLine]) -> list[tuple[PopLine, str]]:
    """What the lines say about `card`; a line without anything to say is left out."""
    said = {
        PopLine.COMPANY: card.company,
        PopLine.GRADE: card.grade,
        PopLine.ADDRESS: card.address,
        PopLine.MEMO: next(iter(card.memo.strip().splitlines()), ""),
        PopLine.BIRTHDAY: card.birthday.isoformat() if card.birthday is not None else "",
        PopLine.OPEN_ITEMS: str(card.open_items) if card.open_items else "",
    }
    return [(line, said[line]) for line in lines if said[line]]
