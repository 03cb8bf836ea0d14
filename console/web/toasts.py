"""An answer that is a short notice: the page keeps what it has, a form its text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Undo:
    """A button in the notice: what it posts where, and its word."""

    address: str
    values: dict[str, Any]
    word: str


def toast(
    text: str, *, level: str = "info", status: int = 200, undo: Undo | None = None
) -> web.Response:
    """`level`: info or error. Headers are ASCII, so JSON's escapes carry the words."""
    detail: dict[str, Any] = {"text": text, "level": level}
    if undo is not None:
        detail["undo"] = {"address": undo.address, "values": undo.values, "word": undo.word}
    said = json.dumps({"pbxd:toast": detail})
    return web.Response(status=status, headers={"HX-Trigger": said, "HX-Reswap": "none"})
