"""What the queues' pages send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pbxd.queues.model import Queue, Strategy

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,19}$")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class HereForm(_Form):
    """Log me into a queue, or out."""

    word: Word
    on: bool = False


class RemoveForm(_Form):
    """Take a queue away."""

    word: Word


class QueueForm(_Form):
    """A queue; `new` tells whether it is one."""

    new: bool = False
    word: Annotated[str, Field(max_length=60)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    strategy: Strategy = Strategy.RRMEMORY
    number: Annotated[str, StringConstraints(pattern=r"^[+0-9 -]{0,32}$")] = ""
    max_wait: int = 300
    overflow: Annotated[str, Field(max_length=64)] = ""
    service_level: int = 20
    ring_seconds: int = 20
    most_waiting: int = 0
    tells_place: bool = False
    music: Annotated[str, Field(max_length=60)] = ""
    last_agent_days: int = 0
    warn_wait: int = 30
    alarm_wait: int = 90
    member: list[str] = []

    def queue(self, here: frozenset[str]) -> Queue:
        """As a value; who was logged in and is still a member stays so."""
        return Queue(
            word=self.word.strip(),
            name=self.name,
            strategy=self.strategy,
            number="".join(char for char in self.number if char in "+0123456789"),
            max_wait=self.max_wait,
            overflow=self.overflow,
            service_level=self.service_level,
            ring_seconds=self.ring_seconds,
            most_waiting=self.most_waiting,
            tells_place=self.tells_place,
            music=self.music.strip(),
            last_agent_days=self.last_agent_days,
            warn_wait=self.warn_wait,
            alarm_wait=self.alarm_wait,
            members=tuple(self.member),
            here=here & frozenset(self.member),
        )
