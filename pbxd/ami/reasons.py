"""Why the link to Asterisk is down, in words for the console (English msgids)."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Each value is a msgid; its placeholders are the details of the LinkDown that carries it."""

    UNREACHABLE = "{host}:{port} does not answer. Is the address right, and the network up?"
    NOBODY_THERE = "Nothing listens at {host}:{port}. Is Asterisk running, and AMI switched on?"
    NOT_AMI = "{host}:{port} answers, but not as Asterisk's manager interface. Is the port right?"
    LOGIN_REFUSED = (
        "Asterisk refused the log-in of “{user}”. Check the user, secret and permit lines."
    )
    MISSING_PRIVILEGE = "The AMI account “{user}” lacks the write privilege: {privileges}."
    NOT_BOOTED = (
        "Asterisk is still starting, or the AMI account “{user}” lacks the read privilege: system."
    )
    STOPPING = "Asterisk has been stopped."
    RESTARTING = "Asterisk is restarting."
    NO_ANSWER = "Asterisk does not answer any more."
    GARBLED = "What came from Asterisk could not be understood."
    OVERRUN = "Asterisk told more than could be followed; starting afresh."
    CLOSED = "Asterisk closed the connection."

    def at(self, host: str, port: int) -> LinkDown:
        """With the address in its details."""
        return LinkDown(self, host=host, port=port)


class LinkDown(Exception):  # noqa: N818 - a state of affairs, not a programming error
    """The link is down, and why."""

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason.name)
        self.reason = reason
        self.details = details
