"""How screen pops behave on one user's screen: corner, what a ring opens, notices (S4-61)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.desk import queries
from pbxd.store.engine import Store


class Corner(StrEnum):
    """Where the cards stand."""

    BOTTOM_RIGHT = "bottom-right"
    BOTTOM_LEFT = "bottom-left"
    TOP_RIGHT = "top-right"
    TOP_LEFT = "top-left"


class Opens(StrEnum):
    """When the page of a customer who calls opens by itself."""

    NEVER = "never"
    RING = "ring"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Options:
    """One user's choice."""

    corner: Corner = Corner.BOTTOM_RIGHT
    opens: Opens = Opens.NEVER
    notify: bool = True


class PopOptions:
    """All choices in memory: each page is drawn with them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._chosen: dict[str, Options] = {}

    async def load(self) -> None:
        """Read them."""
        async with self._store.reading() as conn:
            self._chosen = {
                user_id: Options(Corner(corner), Opens(opens), notify)
                for user_id, corner, opens, notify in await queries.pop_options(conn)
            }

    def of(self, user_id: str) -> Options:
        """A user's choice."""
        return self._chosen.get(user_id, Options())

    async def choose(self, user_id: str, wanted: Options) -> None:
        """From the next page on."""
        async with self._store.writing() as conn:
            await queries.choose_pop_options(
                conn, user_id, wanted.corner, wanted.opens, wanted.notify
            )
        self._chosen[user_id] = wanted
