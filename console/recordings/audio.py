"""The sound itself: played, sought, taken along; each time on file."""

from __future__ import annotations

import re
from urllib.parse import quote

from aiohttp import web

from console.recordings.rights import permitted
from console.web.context import Context
from console.web.permissions import Action
from pbxd.recordings import queries
from pbxd.recordings.model import Use

_BEGINNING = re.compile(r"bytes=0-")
_HEADERS = {"Cache-Control": "private, no-store"}


async def play(context: Context) -> web.StreamResponse:
    """With ranges, so that one can seek; a listening is noted at its beginning."""
    recording = await permitted(context)
    recordings = context.services.daemon.recordings
    path = recordings.path(recording)
    wanted = context.request.headers.get("Range", "bytes=0-")
    if _BEGINNING.match(wanted):
        await recordings.note(recording, context.viewer.user.id, Use.LISTENED)
    return web.FileResponse(path, headers=_HEADERS | {"Content-Type": recording.type})


async def download(context: Context) -> web.StreamResponse:
    """One of them (never all at once, S4-33), named by time and number."""
    recording = await permitted(context, Action.EXPORT)
    daemon = context.services.daemon
    path = daemon.recordings.path(recording)
    await daemon.recordings.note(recording, context.viewer.user.id, Use.DOWNLOADED)
    at = recording.started_at.astimezone(daemon.settings.office.zone)
    number = re.sub(r"\W", "", daemon.plan.display(recording.number))
    name = f"{at:%Y%m%d-%H%M%S}-{number or 'hidden'}{path.suffix}"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = _HEADERS | {"Content-Type": recording.type, "Content-Disposition": disposition}
    return web.FileResponse(path, headers=headers)


async def peaks(context: Context) -> web.StreamResponse:
    """The waveform: a byte a bucket, the left side's first."""
    recording = await permitted(context)
    async with context.services.daemon.store.reading() as conn:
        found = await queries.peaks(conn, recording.id)
    return web.Response(body=found, content_type="application/octet-stream", headers=_HEADERS)
