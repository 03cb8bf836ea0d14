"""When a call is forwarded."""

from __future__ import annotations

from enum import StrEnum


class Forward(StrEnum):
    """The words of `dialplan/pbxd-forward.conf`."""

    ALWAYS = "always"
    BUSY = "busy"  # in a call, declined, or away
    NO_ANSWER = "noanswer"
    OFFLINE = "offline"  # no phone is registered
