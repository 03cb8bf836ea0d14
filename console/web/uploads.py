"""A file that a form sends, read up to a limit."""

from __future__ import annotations

from aiohttp import BodyPartReader, web

from pbxd.errors import InvalidInput

_CHUNK = 2**16


async def uploaded(
    request: web.Request, most_bytes: int, *, missing: InvalidInput, big: InvalidInput
) -> bytes:
    """The bytes of the part named `file`. Raises what it is given for none and for too many."""
    if not request.content_type.startswith("multipart/"):
        raise missing
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name != "file":
            continue
        data = bytearray()
        while chunk := await part.read_chunk(_CHUNK):
            data += chunk
            if len(data) > most_bytes:
                raise big
        if data:
            return bytes(data)
    raise missing
