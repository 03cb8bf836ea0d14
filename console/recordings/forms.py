"""What the pages of recordings send."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from console.desk.forms import CommandId, Key
from console.web.days import OptionalDay, end_of, start_of
from pbxd.errors import InvalidInput
from pbxd.recordings.model import Codec
from pbxd.recordings.policy import Mode, Of, Policy, Special

YEAR = timedelta(days=365)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ListQuery(_Form):
    """Which ones; `all`: the whole of the last year (S4-30)."""

    since: OptionalDay = None
    until: OptionalDay = None
    all: bool = False
    who: Annotated[str, Field(max_length=80)] = ""  # a name or a number
    agent: Annotated[str, Field(max_length=26)] = ""
    internal: bool = False  # calls between extensions too (S4-31)
    suspicious: bool = False
    sort: Annotated[str, Field(max_length=40)] = ""
    cursor: Annotated[str, Field(max_length=400)] = ""

    def period(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """From when, until when (UTC). Without days the last 31, or (`all`) the year (S4-30); an
        earlier day is as good as any (S4-34 sold it)."""
        first = now - YEAR
        if self.all or self.suspicious:
            return first, None
        if self.since is not None:
            first = start_of(self.since, zone)
        elif self.until is None:
            first = now - timedelta(days=31)
        return first, None if self.until is None else end_of(self.until, zone)

    def address(self, **changes: object) -> str:
        """The same list, some values changed."""
        values = self.model_dump(mode="json", exclude_defaults=True) | changes
        return urlencode({key: value for key, value in values.items() if value not in ("", None)})


class MarkerForm(_Form):
    """A comment at a second."""

    at: float = 0.0
    text: Annotated[str, Field(max_length=2000)] = ""


class HoldForm(_Form):
    """Never deleted by age."""

    on: bool = False


class DeleteForm(_Form):
    """For ever."""

    why: Annotated[str, Field(max_length=500)] = ""


class PauseForm(_Form):
    """Nothing is recorded from now on (`on` False), or again."""

    call: Key
    on: bool = False
    keep: bool = False  # all of it, from its beginning
    command_id: CommandId


class PolicyForm(_Form):
    """What is recorded."""

    incoming: Mode = Mode.ALWAYS
    outgoing: Mode = Mode.ALWAYS
    internal: Mode = Mode.NEVER
    say: bool = False
    keep_days: Annotated[int, Field(ge=0, le=3650)] = 0
    codec: Codec = Codec.OPUS
    free_gb: Annotated[int, Field(ge=0, le=10_000)] = 2
    room_days: Annotated[int, Field(ge=0, le=3650)] = 0
    queue: list[Annotated[str, Field(max_length=40)]] = []  # WORD=mode
    agent: list[Annotated[str, Field(max_length=40)]] = []  # id=mode

    def policy(self) -> Policy:
        """As the service takes it. Raises InvalidInput."""
        values = dict(self)
        rules = {Of.QUEUE: values.pop("queue"), Of.AGENT: values.pop("agent")}
        specials = [_special(of, rule) for of, chosen in rules.items() for rule in chosen]
        return Policy(**values, specials=tuple(one for one in specials if one is not None))


def _special(of: Of, rule: str) -> Special | None:
    """None: as the direction says."""
    id, _, mode = rule.partition("=")
    if not id or not mode:
        return None
    if mode not in set(Mode):
        raise InvalidInput("recording-mode", "Choose what is recorded from the list.")
    return Special(of, id, Mode(mode))
