"""What the dialplan writes into AstDB for a caller (dialplan/pbxd-callback.conf).

pbxd/callback/UNIQUEID = seconds|source|line|number|language|message|queue. Written by Asterisk,
with pbxd running or not; taken out only when the store has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from pbxd.callbacks.model import Request, Source

FAMILY = "pbxd/callback"
_SOURCES = {"closed": Source.HOURS, "queue": Source.QUEUE}  # others: nobody answered
_FILE = re.compile(r"[A-Za-z0-9._-]+")
_LANGUAGES = {"ko": "ko", "zh": "zh_Hant", "en": "en"}


def request(key: str, value: str, normalise: Callable[[str], str]) -> Request | None:
    """One entry; None: it is not ours or spoilt."""
    fields = value.split("|")
    if len(fields) != 7 or not fields[0].isdecimal() or len(fields[0]) > 12:
        return None
    seconds, source, line, number, language, message, queue = fields
    if not number and not message:
        return None
    return Request(
        key=key,
        number=normalise(number) if number else "",
        source=_SOURCES.get(source, Source.NOBODY),
        at=datetime.fromtimestamp(int(seconds), UTC),
        line=line,
        queue=queue,
        language=_LANGUAGES.get(language[:2], ""),
        message=message if _FILE.fullmatch(message) and ".." not in message else "",
    )
