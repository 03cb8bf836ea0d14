"""Click-to-call: the agent's phone rings first; answered, Asterisk dials the customer."""

from __future__ import annotations

from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.service import Agents
from pbxd.ami.events import DeviceState
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.live import LiveCalls
from pbxd.desk.limits import DialLimits
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.rules import MayCall
from pbxd.desk.switchboard import Click, Switchboard
from pbxd.ports import Clock
from pbxd.store.metadata import new_id


class Dial:
    """The verb `dial`."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        agents: Agents,
        plan: NumberPlan,
        may_call: MayCall,
        clock: Clock,
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._agents = agents
        self._plan = plan
        self._may_call = may_call
        self._clock = clock
        self._limits = DialLimits()

    async def __call__(
        self, agent: Agent, text: str, command_id: str, customer_id: str, channel_id: str = ""
    ) -> CommandResult:
        """Ring `agent`'s phone, then `text` (any way of writing a number).

        Raises InvalidInput for what is no number, or one that nobody may dial.
        """
        number = self._plan.parse(text)
        self._may_call(agent, number)
        if number.e164 == agent.extension:
            return refused("own-extension", "This is your own extension.")
        if (problem := self._phone_problem(agent)) is not None:
            return problem
        if not self._limits.take(agent.id, self._clock()):
            return refused("too-many-dials", "Too many calls in a short time; wait a few seconds.")
        click = Click(
            channel_id=channel_id or f"pbxd-{new_id()}",
            command_id=command_id,
            agent_id=agent.id,
            endpoint=agent.endpoint,
            extension=agent.extension,
            number=self._plan.dial_string(number),
            browser=agent.device is DeviceKind.BROWSER,
        )
        self._live.expect(
            click.channel_id,
            clicked_by=agent.extension,
            number=click.number,
            customer_id=customer_id,
        )
        result = await self._switchboard.click(click)
        if not result.ok:
            self._live.forget(click.channel_id)
        return result

    def _phone_problem(self, agent: Agent) -> CommandResult | None:
        state = self._agents.device_state(agent.extension, agent.device)
        if state not in (DeviceState.UNAVAILABLE, DeviceState.INVALID):
            return None
        if agent.device is DeviceKind.BROWSER:
            return refused(
                "browser-phone-offline",
                "Your browser phone is not connected; allow the microphone or reload the page.",
            )
        return refused("desk-phone-offline", "Your desk phone is not connected to the PBX.")
