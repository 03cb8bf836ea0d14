"""AMI's bytes: framing, decoding, and the one place where values go out.

Replaces panoramisk's reading, which decodes each read alone (UTF-8 split over two reads loses
characters), has no size limit, and lets line breaks in a value become a second action.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pbxd.errors import InvalidInput

EOL = b"\r\n"
END = b"\r\n\r\n"
LIMIT = 1 << 20  # a message is a few hundred bytes; a megabyte is not AMI
HEAD = 160  # bytes in which an answer names its action
_EVENT = b"Event: "
_LATE = frozenset({b"DBGetTreeResponse"})  # rows that name their action after a value of any length

Headers = dict[str, str]


class ProtocolError(Exception):
    """What came is not AMI; the link must be made anew."""


class Framer:
    """Cuts a stream into messages, and leaves out events that nobody wants before parsing them."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = frozenset(name.encode() for name in wanted)
        self._rest = b""
        self.dropped = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes. Raises ProtocolError when one has no end."""
        *frames, self._rest = (self._rest + data).split(END)
        if len(self._rest) > LIMIT:
            raise ProtocolError("a message without an end")
        wanted = self._wanted
        kept = []
        for frame in frames:
            if frame.startswith(_EVENT):
                end = frame.find(EOL, 7)
                name = frame[7:end] if end > 0 else frame[7:]
                # an event with an ActionID (its second line) answers an action: a list's row
                head = None if name in _LATE else HEAD
                if name not in wanted and frame.find(b"\r\nActionID: ", 7, head) < 0:
                    self.dropped += 1
                    continue
            kept.append(frame)
        return kept


def parse(frame: bytes) -> Headers:
    """A message's headers; of a repeated one the values are joined by line feeds.

    Bytes that are not UTF-8 are tried as CP949 (old trunks send Korean names so), each line by
    itself, and then replaced: a bad name must not cost the call.
    """
    try:
        text = frame.decode()
    except UnicodeDecodeError:
        return _parse_with_care([decode(line) for line in frame.split(EOL)])
    # keys and values in turn: one split instead of one a line
    parts = text.replace(": ", "\r\n").split("\r\n")
    turn = iter(parts)
    headers: Headers = dict(zip(turn, turn, strict=False))
    lines = text.count("\r\n") + 1
    if len(parts) == 2 * lines and len(headers) == lines:
        return headers
    return _parse_with_care(text.split("\r\n"))


def _parse_with_care(lines: list[str]) -> Headers:
    """Lines without a value, values with a colon, headers that come twice: slower, and rare."""
    headers: Headers = {}
    for line in lines:
        key, colon, value = line.partition(": ")
        if not colon:
            key = key.removesuffix(":")
        if key in headers:
            headers[key] = f"{headers[key]}\n{value}"
        else:
            headers[key] = value
    return headers


def encode(headers: Mapping[str, str | Iterable[str]]) -> bytes:
    """An action's bytes. Raises InvalidInput for a control character in any key or value."""
    lines: list[str] = []
    for key, value in headers.items():
        values = (value,) if isinstance(value, str) else tuple(value)
        for one in values:
            check_plain(key)
            check_plain(one)
            lines.append(f"{key}: {one}")
    return "\r\n".join(lines).encode() + END


def check_plain(value: str) -> None:
    """Raise InvalidInput when `value` holds a control character or half a surrogate pair."""
    if value.isprintable() and value.isascii():
        return
    for char in value:
        if char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff":
            raise InvalidInput(
                "control-character",
                "A line break or control character cannot be sent to the telephone system.",
            )


def decode(line: bytes) -> str:
    """A line's text: UTF-8, else CP949, else with replacement characters."""
    for encoding in ("utf-8", "cp949"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "replace")
