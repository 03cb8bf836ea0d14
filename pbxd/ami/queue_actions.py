"""What pbxd may ask of app_queue, as fixed templates (see `actions`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pbxd.ami.actions import Action, Fields


@dataclass(frozen=True, slots=True)
class QueueAdd(Action):
    """Log an agent into a queue; busy or free as the extension's hint says."""

    name: ClassVar[str] = "QueueAdd"
    needs: ClassVar[str] = "agent"
    queue: str
    extension: str
    paused: bool = False
    penalty: int = 0  # who has less is rung first

    def fields(self) -> Fields:
        return {
            "Queue": self.queue,
            "Interface": member(self.extension),
            "StateInterface": f"hint:{self.extension}@pbxd-extensions",
            "MemberName": self.extension,
            "Paused": "true" if self.paused else "false",
            "Penalty": str(self.penalty),
        }


@dataclass(frozen=True, slots=True)
class QueuePenalty(Action):
    """Another place in the order for an agent who is logged in."""

    name: ClassVar[str] = "QueuePenalty"
    needs: ClassVar[str] = "agent"
    queue: str
    extension: str
    penalty: int

    def fields(self) -> Fields:
        return {
            "Queue": self.queue,
            "Interface": member(self.extension),
            "Penalty": str(self.penalty),
        }


@dataclass(frozen=True, slots=True)
class QueueRemove(Action):
    """Log an agent out of a queue."""

    name: ClassVar[str] = "QueueRemove"
    needs: ClassVar[str] = "agent"
    queue: str
    extension: str

    def fields(self) -> Fields:
        return {"Queue": self.queue, "Interface": member(self.extension)}


@dataclass(frozen=True, slots=True)
class QueuePause(Action):
    """No calls from a queue for an agent who is logged in, or again."""

    name: ClassVar[str] = "QueuePause"
    needs: ClassVar[str] = "agent"
    queue: str
    extension: str
    paused: bool

    def fields(self) -> Fields:
        paused = "true" if self.paused else "false"
        return {"Queue": self.queue, "Interface": member(self.extension), "Paused": paused}


@dataclass(frozen=True, slots=True)
class QueueStatus(Action):
    """All queues with members and who waits."""

    name: ClassVar[str] = "QueueStatus"
    needs: ClassVar[str] = ""
    is_list: ClassVar[bool] = True


def member(extension: str) -> str:
    """The interface by which a queue rings an agent's phones."""
    return f"Local/{extension}@pbxd-agent"
