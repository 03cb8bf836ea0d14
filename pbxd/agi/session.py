"""One question of the dialplan: read it, answer by setting variables, be gone. No I/O.

Replaces panoramisk's FastAGI, which freezes the whole loop when a client connects and closes, waits
for ever on a silent one, has no limits, and lets a line break in a value become a second command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from pbxd.ami.wire import check_plain, decode

MOST_LINES = 64
LONGEST = 8192  # of an environment, or of a reply
FIRST = b"agi_"  # how every environment begins
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


def question_of(block: bytes) -> Question:
    """The environment. Raises BadQuestion."""
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


def set_variable(name: str, value: str) -> bytes:
    """The command that sets a channel variable or function. Raises InvalidInput."""
    check_plain(name)
    check_plain(value)
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'SET VARIABLE {name} "{quoted}"\n'.encode()


class Reply:
    """One reply, line by line; a usage text (520) runs over several of them."""

    def __init__(self) -> None:
        self._long = ""  # the code of a reply that goes on

    def take(self, line: bytes) -> bool:
        """True: it is complete. Raises HungUp."""
        text = decode(line)
        if self._long:
            return text.startswith(self._long)
        found = _REPLY.match(text)
        if text == "HANGUP" or found is None:
            raise HungUp
        code, more, result = found.groups()
        if code == "511" or result == "-1":
            raise HungUp
        if more == "-":
            self._long = code
            return False
        return bool(code != "100")


def _known(value: str) -> str:
    return "" if value in ("unknown", "<unknown>") else value
