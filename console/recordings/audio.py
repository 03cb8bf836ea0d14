"""The sound itself: played, sought, taken along; each time on file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from console.recordings.rights import permitted
from console.web.context import Context
from console.web.permissions import Action
from pbxd.recordings import queries
from pbxd.recordings.model import Recording, Use

_BEGINNING = re.compile(r"bytes=0-")
_HEADERS = {"Cache-Control": "private, no-store"}


async def play(context: Context) -> web.StreamResponse:
    """With ranges, so that one can seek; a listening is noted at its beginning."""
    return await played(context, await permitted(context))


async def played(context: Context, recording: Recording) -> web.StreamResponse:
    """One that may be heard."""
    recordings = context.services.daemon.recordings
    path = recordings.path(recording)
    wanted = context.request.headers.get("Range", "bytes=0-")
    if _BEGINNING.match(wanted):
        await recordings.note(recording, context.viewer.user.id, Use.LISTENED)
    return await _sent(context, recording, path, _HEADERS | {"Content-Type": recording.type})


async def download(context: Context) -> web.StreamResponse:
    """One of them (never all at once, S4-33), named by time and number."""
    recording = await permitted(context, Action.EXPORT)
    daemon = context.services.daemon
    path = daemon.recordings.path(recording)
    await daemon.recordings.note(recording, context.viewer.user.id, Use.DOWNLOADED)
    at = recording.started_at.astimezone(daemon.settings.office.zone)
    number = re.sub(r"\W", "", daemon.plan.display(recording.number))
    ending = ".mp3" if recording.type == "audio/mpeg" else ".opus"
    name = f"{at:%Y%m%d-%H%M%S}-{number or 'hidden'}{ending}"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = _HEADERS | {"Content-Type": recording.type, "Content-Disposition": disposition}
    return await _sent(context, recording, path, headers)


async def _sent(
    context: Context, recording: Recording, path: Path, headers: dict[str, str]
) -> web.StreamResponse:
    recordings = context.services.daemon.recordings
    if not recordings.sealed(recording):
        return web.FileResponse(path, headers=headers)
    try:
        wanted = context.request.http_range
    except ValueError:
        wanted = slice(None)  # RFC 9110, 14.2: a range that is not understood is ignored
    start, stop, _ = wanted.indices(recording.size)
    headers["Accept-Ranges"] = "bytes"
    if wanted.start is not None and (start >= stop):
        headers["Content-Range"] = f"bytes */{recording.size}"
        return web.Response(status=416, headers=headers)
    part = wanted.start is not None
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{recording.size}"
    sound = recordings.read(path, start, stop)
    first = await anext(sound, b"")  # a key that does not fit is said before anything is sent
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    response.content_length = stop - start
    await response.prepare(context.request)
    if context.request.method != "HEAD":
        await response.write(first)
        async for more in sound:
            await response.write(more)
    return response


async def peaks(context: Context) -> web.StreamResponse:
    """The waveform: a byte a bucket, the left side's first."""
    recording = await permitted(context)
    async with context.services.daemon.store.reading() as conn:
        found = await queries.peaks(conn, recording.id)
    return web.Response(body=found, content_type="application/octet-stream", headers=_HEADERS)
