"""How an action ended: always in exactly one of four ways, within its deadline."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from panoramisk.actions import Action as Matcher
from panoramisk.message import Message

from pbxd.ami.wire import Headers


class Ending(StrEnum):
    """The four ways."""

    OK = "ok"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    LINK_LOST = "link_lost"


@dataclass(frozen=True, slots=True)
class Reply:
    """Asterisk's answer; `items` are the rows of a list, `message` its own words."""

    ending: Ending
    headers: Headers = field(default_factory=dict)
    items: tuple[Headers, ...] = ()

    @property
    def ok(self) -> bool:
        """It was done (for an Originate: queued)."""
        return self.ending is Ending.OK

    @property
    def message(self) -> str:
        """Asterisk's words."""
        return self.headers.get("Message", "")


LINK_LOST = Reply(Ending.LINK_LOST)
TIMED_OUT = Reply(Ending.TIMED_OUT)


class Pending:
    """One action under way; panoramisk matches its response, rows and end."""

    def __init__(self, action_id: str, is_list: bool) -> None:
        self._matcher = Matcher({"ActionID": action_id}, as_list=is_list)
        self._rows: list[Headers] = []
        self._head: Headers = {}

    def take(self, headers: Headers) -> Reply | None:
        """Add a message; the reply once it is complete."""
        if "Response" in headers:
            self._head = headers
            if headers["Response"] != "Success":
                return Reply(Ending.REFUSED, headers)
        elif not headers["Event"].endswith("Complete"):
            self._rows.append(headers)
        if not self._matcher.add_message(Message(headers)):
            return None
        return Reply(Ending.OK, self._head, tuple(self._rows))
