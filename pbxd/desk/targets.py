"""Where a call can be sent: an extension, a waiting queue, a number outside."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.service import Agents
from pbxd.ami.events import DeviceState
from pbxd.callers.numbers import NumberPlan
from pbxd.desk.rules import MayCall
from pbxd.errors import InvalidInput

QUEUE = re.compile(r"queue:([a-z0-9_]{1,32})")
_AWAY = (DeviceState.UNAVAILABLE, DeviceState.INVALID, DeviceState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Target:
    """`exten` as the dialplan wants it; `shown` as people read it; `extension` "" outside."""

    exten: str
    shown: str
    extension: str = ""
    queue: str = ""


class Targets:
    """Reads what an agent typed or chose."""

    def __init__(self, agents: Agents, plan: NumberPlan, may_call: MayCall) -> None:
        self._agents = agents
        self._plan = plan
        self._may_call = may_call

    def read(self, agent: Agent, text: str) -> Target:
        """The target `text` means to `agent`. Raises InvalidInput in words that help."""
        if (queue := QUEUE.fullmatch(text.strip())) is not None:
            return Target(f"queue-{queue[1]}", queue[1], queue=queue[1])
        number = self._plan.parse(text)
        if number.e164 == agent.extension:
            raise InvalidInput("own-extension", "This is your own extension.", field="number")
        colleague = self._agents.by_extension(number.e164)
        if colleague is not None:
            self._check_phone(colleague)
            return Target(colleague.extension, colleague.name, colleague.extension)
        self._may_call(agent, number)
        return Target(self._plan.dial_string(number), self._plan.display(number.e164))

    def _check_phone(self, colleague: Agent) -> None:
        states = [self._agents.device_state(colleague.extension, kind) for kind in DeviceKind]
        if all(state in _AWAY for state in states):
            raise InvalidInput(
                "colleague-offline",
                "The phone of {name} is off line; choose somebody else.",
                field="number",
                name=colleague.name,
            )
        presence = self._agents.presence(colleague.id)
        if presence is not None and not presence.reachable:
            raise InvalidInput(
                "colleague-away",
                "{name} takes no calls now; choose somebody else.",
                field="number",
                name=colleague.name,
            )
