"""Files that a form sends, read up to a limit, and the header under which one goes out again."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from console.web.forms import submitted
from pbxd.errors import InvalidInput

_CHUNK = 2**16
_LONGEST_NAME, _LONGEST_ENDING = 120, 16
_MOST_PARTS = 500
_ROUND_IT = 2**16  # bytes of a form beside its file


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form; `data` is empty when it was larger than what is taken."""

    name: str
    size: int  # bytes
    data: bytes


async def uploaded(
    request: web.Request, most_bytes: int, *, missing: InvalidInput, big: InvalidInput
) -> bytes:
    """The bytes of the part named `file`. Raises what it is given for none and for too many."""
    if not request.content_type.startswith("multipart/"):
        raise missing
    _check_length(request, most_bytes, big)
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


async def saved_file(
    request: web.Request, target: Path, most_bytes: int, *, missing: InvalidInput, big: InvalidInput
) -> str:
    """The part named `file`, written to `target` as it comes; its name at its sender's.

    Raises what it is given for none and for too many bytes, OSError; nothing is left then.
    """
    if not request.content_type.startswith("multipart/"):
        raise missing
    _check_length(request, most_bytes, big)
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name != "file" or not part.filename:
            continue
        size = 0
        try:
            with await asyncio.to_thread(target.open, "wb") as file:
                while chunk := await part.read_chunk(_CHUNK):
                    size += len(chunk)
                    if size > most_bytes:
                        raise big
                    await asyncio.to_thread(file.write, chunk)
                if size:
                    return file_name(part.filename)
            raise missing
        except BaseException:
            await asyncio.to_thread(target.unlink, missing_ok=True)
            raise
    raise missing


def _check_length(request: web.Request, most_bytes: int, big: InvalidInput) -> None:
    """What says itself that it is too big need not come first."""
    if (request.content_length or 0) > most_bytes + _ROUND_IT:
        raise big


async def form_with_files(
    request: web.Request, most_bytes: int, most_in_all: int
) -> tuple[dict[str, Any], list[SentFile]]:
    """What was typed and the files beside it, each of up to `most_bytes`.

    A larger file is read and let go, so that what was typed is not lost with it. Raises
    InvalidInput: the whole has more than `most_in_all` bytes, or cannot be read.
    """
    if not request.content_type.startswith("multipart/"):
        return await submitted(request), []
    fields: dict[str, list[str]] = {}
    files: list[SentFile] = []
    parts = 0
    async for part, sent in _parts(request, most_bytes, most_in_all):
        parts += 1
        if parts > _MOST_PARTS:
            raise _unreadable()
        if part.filename:
            files.append(sent)
        elif part.filename is None and part.name:
            fields.setdefault(part.name, []).append(sent.data.decode("utf-8", "replace"))
    return {key: all if len(all) > 1 else all[0] for key, all in fields.items()}, files


async def files_one_by_one(
    request: web.Request, most_bytes: int, most_in_all: int
) -> AsyncIterator[SentFile]:
    """The files of a form, each of up to `most_bytes`; only one of them is in memory at a time.

    Raises InvalidInput: the whole has more than `most_in_all` bytes, or cannot be read.
    """
    if not request.content_type.startswith("multipart/"):
        return
    async for part, sent in _parts(request, most_bytes, most_in_all):
        if part.filename:
            yield sent


async def _parts(
    request: web.Request, most_bytes: int, most_in_all: int
) -> AsyncIterator[tuple[BodyPartReader, SentFile]]:
    """Each part with what it holds; larger ones are read and let go."""
    if (request.content_length or 0) > most_in_all:
        raise _too_much()
    rest = most_in_all
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise _unreadable()
            data, size = bytearray(), 0
            while chunk := await part.read_chunk(_CHUNK):
                size, rest = size + len(chunk), rest - len(chunk)
                if rest < 0:
                    raise _too_much()
                if size <= most_bytes:
                    data += chunk
                else:
                    data.clear()
            yield part, SentFile(file_name(part.filename or ""), size, bytes(data))
    except (ValueError, HttpProcessingError):
        raise _unreadable() from None


def file_name(sent: str) -> str:
    """A name for people only: without folders and unseen characters, composed, not too long."""
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", sent)[-1])
    seen = "".join(char if char.isprintable() else " " for char in plain)
    name = " ".join(seen.split()).strip(". ")
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= _LONGEST_ENDING else ""
        name = name[: _LONGEST_NAME - len(ending)] + ending
    return name or "file"


def as_attachment(name: str) -> dict[str, str]:
    """Headers by which a browser keeps a file under its name and never shows it (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {
        "Content-Disposition": disposition,
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _too_much() -> InvalidInput:
    return InvalidInput("too-large", "That is too much.")


def _unreadable() -> InvalidInput:
    return InvalidInput("unreadable", "The request could not be read.")
