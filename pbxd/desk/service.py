"""The desk: every command of a person to Asterisk passes here.

Each has an idempotency key, a deadline and one definite result in words, and is written down.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Leg
from pbxd.config import DeskSettings
from pbxd.desk import queries
from pbxd.desk.conference import Conference
from pbxd.desk.dial import Dial
from pbxd.desk.ledger import Ledger
from pbxd.desk.on_call import NORMAL, OnCall
from pbxd.desk.pick_up import PickUp
from pbxd.desk.rescue import Rescue
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.desk.rules import MayCall
from pbxd.desk.switchboard import Switchboard
from pbxd.desk.targets import Targets
from pbxd.desk.transfer import Transfer
from pbxd.errors import Refused
from pbxd.events import CallHandedOver, CommandSettled
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)


class Desk:
    """What agents may do to calls."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        agents: Agents,
        plan: NumberPlan,
        may_call: MayCall,
        store: Store,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        settings: DeskSettings,
    ) -> None:
        self._switchboard = switchboard
        self._agents = agents
        self._store = store
        self._supervisor = supervisor
        self._clock = clock
        self._ledger = Ledger()
        self._dial = Dial(switchboard, live, agents, plan, may_call, clock)
        self._transfer = Transfer(switchboard, live, Targets(agents, plan, may_call), bus, clock)
        self._on_call = OnCall(switchboard, live, bus, clock, self._transfer.leaving)
        self._conference = Conference(switchboard, live, bus, supervisor, clock)
        self.picking_up = PickUp(switchboard, live, agents, bus, clock)
        self.rescue = Rescue(
            switchboard, live, agents, bus, supervisor, clock, settings.rescue_seconds
        )
        self._live = live
        bus.subscribe(CommandSettled, self._settled)
        bus.subscribe(CallHandedOver, self._handed)

    async def dial(
        self, agent_id: str, number: str, command_id: str, customer_id: str = ""
    ) -> CommandResult:
        """Click-to-call. OK means that the agent's phone is being rung; CommandSettled follows."""
        return await self.run(
            agent_id,
            "dial",
            number,
            command_id,
            lambda agent: self._dial(agent, number, command_id, customer_id),
        )

    async def dial_due(
        self, agent_id: str, number: str, channel_id: str, customer_id: str
    ) -> CommandResult:
        """A scheduled call: `channel_id` is both the command's id and the agent's channel's."""
        return await self.run(
            agent_id,
            "dial_due",
            number,
            channel_id,
            lambda agent: self._dial(agent, number, channel_id, customer_id, channel_id),
        )

    async def answer(self, agent_id: str, call_key: str, command_id: str) -> CommandResult:
        """Answer at the desk phone."""
        return await self.run(
            agent_id,
            "answer",
            call_key,
            command_id,
            lambda agent: self._on_call.answer(agent, call_key),
        )

    async def hang_up(self, agent_id: str, call_key: str, command_id: str) -> CommandResult:
        """Hang up, or decline what rings."""
        return await self.run(
            agent_id,
            "hang_up",
            call_key,
            command_id,
            lambda agent: self._on_call.hang_up(agent, call_key),
        )

    async def hold(
        self, agent_id: str, call_key: str, command_id: str, *, on: bool
    ) -> CommandResult:
        """Put the other side on hold at the desk phone, or take it back (S4-53)."""
        return await self.run(
            agent_id,
            "hold" if on else "resume",
            call_key,
            command_id,
            lambda agent: self._on_call.hold(agent, call_key, on),
        )

    async def mute(
        self, agent_id: str, call_key: str, command_id: str, *, on: bool
    ) -> CommandResult:
        """Let the other side hear nothing from the agent, or again."""
        return await self.run(
            agent_id,
            "mute" if on else "unmute",
            call_key,
            command_id,
            lambda agent: self._on_call.mute(agent, call_key, on),
        )

    async def keys(self, agent_id: str, call_key: str, command_id: str, keys: str) -> CommandResult:
        """Press keys (DTMF) for the other side; which keys is not written down."""
        return await self.run(
            agent_id,
            "keys",
            call_key,
            command_id,
            lambda agent: self._on_call.keys(agent, call_key, keys),
        )

    async def end_leg(self, leg: Leg) -> CommandResult:
        """End anybody's part in a call: for who may (the caller checks that)."""
        return await self._switchboard.hang_up(leg.channel, NORMAL)

    def muted(self, leg_id: str) -> bool:
        """This leg is muted at the PBX."""
        return leg_id in self._on_call.muted

    async def transfer(
        self, agent_id: str, call_key: str, command_id: str, to: str, note: str = ""
    ) -> CommandResult:
        """Send the other party to an extension, `queue:NAME` or number at once (S4-55)."""
        return await self.run(
            agent_id,
            "transfer",
            f"{call_key} {to}",
            command_id,
            lambda agent: self._transfer.blind(agent, call_key, to, note),
        )

    async def consult(
        self, agent_id: str, call_key: str, command_id: str, to: str, note: str = ""
    ) -> CommandResult:
        """Ask somebody while the other party waits with music."""
        return await self.run(
            agent_id,
            "consult",
            f"{call_key} {to}",
            command_id,
            lambda agent: self._transfer.consult(agent, call_key, to, note),
        )

    async def complete(self, agent_id: str, call_key: str, command_id: str) -> CommandResult:
        """Hand the call to whoever was asked."""
        return await self.run(
            agent_id,
            "complete",
            call_key,
            command_id,
            lambda agent: self._transfer.complete(agent, call_key),
        )

    async def back(self, agent_id: str, call_key: str, command_id: str) -> CommandResult:
        """Return to the party that waits."""
        return await self.run(
            agent_id,
            "back",
            call_key,
            command_id,
            lambda agent: self._transfer.back(agent, call_key),
        )

    async def merge(
        self, agent_id: str, call_key: str, command_id: str, other: str = ""
    ) -> CommandResult:
        """All together: with whom was asked, or with one's `other` call."""
        return await self.run(
            agent_id,
            "merge",
            f"{call_key} {other}".strip(),
            command_id,
            lambda agent: self._conference.merge(agent, call_key, other),
        )

    async def pick_up(self, agent_id: str, call_key: str, command_id: str) -> CommandResult:
        """Take what rings at a colleague's phone (S4-56)."""
        return await self.run(
            agent_id,
            "pick_up",
            call_key,
            command_id,
            lambda agent: self.picking_up(agent, call_key),
        )

    async def run(
        self,
        agent_id: str,
        verb: str,
        target: str,
        command_id: str,
        work: Callable[[Agent], Awaitable[CommandResult]],
    ) -> CommandResult:
        """Any verb: once for each command id, with a definite result, written down."""

        async def once() -> CommandResult:
            agent = self._agents.by_id(agent_id)
            if agent is None or agent.closed:
                result = refused("no-extension", "You have no extension to telephone with.")
            else:
                try:
                    result = await work(agent)
                except Refused as refusal:
                    result = refused(refusal.id, refusal.message, **refusal.details)
            self._note(agent_id, verb, target, result)
            return result

        return await self._ledger.once(agent_id, command_id, once)

    def _settled(self, event: CommandSettled) -> None:
        """The late truth about a dial (the agent's phone was not picked up, say)."""
        if event.result != Result.OK:
            result = CommandResult(Result(event.result), event.reason_id, event.reason)
            self._note(event.agent_id, event.verb, event.command_id, result)

    def _handed(self, event: CallHandedOver) -> None:
        call = self._live.get(event.key)
        if call is None:
            return
        linkedid = call.linkedid

        async def write() -> None:
            async with self._store.writing() as conn:
                await queries.hand_over(conn, linkedid, event)

        self._supervisor.once("note handover", write())

    def _note(self, agent_id: str, verb: str, target: str, result: CommandResult) -> None:
        """Off the command's own path: a slow disk must not delay a button."""

        async def write() -> None:
            async with self._store.writing() as conn:
                await queries.note(conn, self._clock(), agent_id, verb, target, result)

        self._supervisor.once(f"note {verb}", write())
