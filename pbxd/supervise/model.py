"""Who is at whose call, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    """What the supervisor's phone does; the words of `dialplan/pbxd-supervise.conf`."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


@dataclass(frozen=True, slots=True)
class Session:
    """One supervisor at one call; `channel_id` is his phone's, `channel` its name once known.

    `watched` is the extension whose agent is supervised. UTC.
    """

    channel_id: str
    supervisor_id: str
    watched: str
    call_key: str
    mode: Mode
    since: datetime
    channel: str = ""
