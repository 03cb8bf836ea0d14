"""Columns and saved filters of each user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.lists import queries
from console.lists.model import Arranged, Choice, Column, arranged, in_words
from console.lists.queries import Saved
from pbxd.errors import InvalidInput
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

if TYPE_CHECKING:
    from console.web.context import Context

LONGEST_NAME = 60


class Lists:
    """Asks the store; keeps nothing itself."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def columns(self, context: Context, list: str, offered: Sequence[Column]) -> Arranged:
        """A list as who looks at it arranged it; the labels of `offered` are msgids."""
        return await self.arranged(context, list, in_words(offered, context.language))

    async def arranged(self, context: Context, list: str, offered: Sequence[Column]) -> Arranged:
        """The same of columns whose labels are the reader's words already."""
        async with self._store.reading() as conn:
            choice = await queries.choice(conn, context.viewer.user.id, list)
        request = context.request
        back = request.path_qs if request.method == "GET" else request.path
        return Arranged(list, arranged(offered, choice), back, bool(choice))

    async def choose(self, user_id: str, list: str, wanted: Choice) -> None:
        """From now on; nothing: as the office has it."""
        async with self._store.writing() as conn:
            await queries.choose(conn, user_id, list, wanted)

    async def saved(self, user_id: str, list: str) -> tuple[Saved, ...]:
        """Filters under a name."""
        async with self._store.reading() as conn:
            return await queries.saved(conn, user_id, list)

    async def save(self, user_id: str, list: str, name: str, query: str, shared: bool) -> None:
        """Under a name; one's own of that name is replaced. Raises InvalidInput."""
        name = " ".join(name.split())
        if not name:
            raise InvalidInput("search-name", "Enter a name.", field="saved-name")
        if len(name) > LONGEST_NAME:
            raise InvalidInput(
                "text-long", "At most {most} characters.", field="saved-name", most=LONGEST_NAME
            )
        async with self._store.writing() as conn:
            one = Saved(new_id(), user_id, list, name, query, shared)
            await queries.save(conn, one, self._clock())

    async def forget(self, id: str, user_id: str) -> None:
        """Away with one's own."""
        async with self._store.writing() as conn:
            await queries.forget(conn, id, user_id)
