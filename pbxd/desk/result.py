"""How a command ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """Every command ends in exactly one of these."""

    OK = "ok"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    LINK_LOST = "link_lost"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The answer to the person who pressed the button.

    `reason` is an English msgid with the placeholders of `details`; `call_key` is the call that
    the command made or concerned, where known.
    """

    result: Result
    reason_id: str = ""
    reason: str = ""
    details: dict[str, object] = field(default_factory=dict)
    call_key: str = ""

    @property
    def ok(self) -> bool:
        """It was done."""
        return self.result is Result.OK


def refused(reason_id: str, reason: str, **details: object) -> CommandResult:
    """It will not be done, and why."""
    return CommandResult(Result.REFUSED, reason_id, reason, details)
