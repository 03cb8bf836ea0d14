"""What callers said who reached nobody: kept with the recordings, heard with the callback."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from console.recordings.audio import played
from console.web.context import Context
from pbxd.callbacks import queries
from pbxd.errors import NotFound
from pbxd.recordings import queries as recordings
from pbxd.recordings.model import Recording


@dataclass(frozen=True, slots=True)
class Message:
    """One that a wish names. `recording` None: it is not taken in yet, or nothing was said."""

    at: datetime  # of the wish
    file: str
    recording: Recording | None


Messages = dict[str, tuple[Message, ...]]  # by callback, the oldest first


async def messages_of(conn: AsyncConnection, ids: Collection[str]) -> Messages:
    """Those of some callbacks; who left none is not in it."""
    found = await queries.messages(conn, ids)
    kept = await recordings.of_raws(conn, {file for named in found.values() for _, file in named})
    return {
        id: tuple(Message(at, file, kept.get(file)) for at, file in named)
        for id, named in found.items()
    }


async def message(context: Context) -> web.StreamResponse:
    """The sound of one, for who may see the callback; listening is noted as for recordings."""
    id, file = (context.request.match_info[name] for name in ("id", "file"))
    daemon = context.services.daemon
    async with daemon.store.reading() as conn:
        named = (await queries.messages(conn, [id])).get(id, ())
    if file not in {one for _, one in named}:
        raise NotFound("no-message", "There is no message here.")
    return await played(context, await daemon.recordings.message(file))
