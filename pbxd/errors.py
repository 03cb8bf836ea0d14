"""Refusals: what pbxd will not do, and why, in words that can be translated.

A refusal is an answer, not a crash: it carries a stable id (for programs and tests), an English
message that is also the gettext key (placeholders in braces), and the details that fill it.
Only the web middleware, the command line and the AGI session turn one into text.
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):  # noqa: N818 - "Refused" is what happened; "RefusedError" says nothing more
    """A request that cannot be carried out; nothing was changed."""

    status: ClassVar[int] = 400

    def __init__(self, id: str, message: str, **details: object) -> None:
        super().__init__(id)
        self.id = id
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return self.message.format(**self.details)


class InvalidInput(Refused):
    """What was typed cannot be used; `field` names the form field, "" the whole form."""

    status = 422

    def __init__(self, id: str, message: str, field: str = "", **details: object) -> None:
        super().__init__(id, message, **details)
        self.field = field


class NotAllowed(Refused):
    """The person's role does not permit it."""

    status = 403


class NotFound(Refused):
    """There is no such thing (any more)."""

    status = 404


class Conflict(Refused):
    """Somebody else changed it meanwhile, or it is in a state in which this cannot be done."""

    status = 409


class PbxUnavailable(Refused):
    """Asterisk cannot be asked now: the link is down or the action was lost on the way."""

    status = 503


class ConfigError(Exception):
    """A setting is wrong: names the file, the key and the reason (exit code 2)."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file = file
        self.key = key
        self.reason = reason
