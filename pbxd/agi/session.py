"""One question of the dialplan: read it, answer by setting variables, be gone.

Replaces panoramisk's FastAGI, which freezes the whole loop when a client connects and closes, waits
for ever on a silent one, has no limits, and lets a line break in a value become a second command.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from pbxd.ami.wire import check_plain, decode

MOST_LINES = 64
LONGEST_LINE = 8192
_REPLY = re.compile(r"(\d{3})([ -])?(?:result=(-?\d+))?")


class HungUp(Exception):  # noqa: N818 - what happened, not a fault
    """The caller is gone, or the connection is."""


class BadQuestion(Exception):  # noqa: N818
    """What came is no AGI environment."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the dialplan asks: `path` names the hook, `query` its parameters.

    `caller` and `name` are the caller ID as Asterisk has it ("" when unknown), `dialled` the
    number called, `channel` and `uniqueid` who asks.
    """

    path: str
    query: Mapping[str, str]
    channel: str = ""
    uniqueid: str = ""
    caller: str = ""
    name: str = ""
    dialled: str = ""
    language: str = ""


async def read_question(reader: asyncio.StreamReader) -> Question:
    """The environment block. Raises BadQuestion, HungUp."""
    try:
        block = await reader.readuntil(b"\n\n")  # one wait, not one a line
    except asyncio.LimitOverrunError:
        raise BadQuestion("too long") from None
    except (asyncio.IncompleteReadError, OSError):
        raise HungUp from None
    lines = decode(block).splitlines()
    if len(lines) > MOST_LINES:
        raise BadQuestion("too many lines")
    env: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        env[key.removeprefix("agi_")] = value.strip()
    if "request" not in env:
        raise BadQuestion("no request")
    url = urlsplit(env["request"] if "//" in env["request"] else f"agi://-/{env['request']}")
    return Question(
        path=url.path or "/",
        query=dict(parse_qsl(url.query)),
        channel=env.get("channel", ""),
        uniqueid=env.get("uniqueid", ""),
        caller=_known(env.get("callerid", "")),
        name=_known(env.get("calleridname", "")),
        dialled=env.get("dnid", ""),
        language=env.get("language", ""),
    )


class Session:
    """The channel's side of one question."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable or function. Raises HungUp, InvalidInput."""
        check_plain(name)
        check_plain(value)
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        self._writer.write(f'SET VARIABLE {name} "{quoted}"\n'.encode())
        await self._reply()

    async def _reply(self) -> int:
        """The reply's code; a usage text (520) runs over several lines, which are all read."""
        while True:
            line = await _line(self._reader)
            if line == "HANGUP":
                raise HungUp
            found = _REPLY.match(line)
            if found is None:
                raise HungUp
            code, more, result = found.groups()
            if code == "100":
                continue
            if code == "511" or result == "-1":
                raise HungUp
            if more == "-":
                while not (await _line(self._reader)).startswith(code):
                    pass
            return int(code)


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        line = await reader.readline()
    except (ValueError, OSError):
        raise HungUp from None  # longer than the limit, or the connection broke
    if not line.endswith(b"\n"):
        raise HungUp
    return decode(line.rstrip(b"\r\n"))


def _known(value: str) -> str:
    return "" if value in ("unknown", "<unknown>") else value
