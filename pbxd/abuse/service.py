"""The verb `block_abuse`, the incidents it leaves, and what follows from them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from pbxd.abuse import queries
from pbxd.abuse.model import DEFAULT_KINDS, Incident, Kind, Policy, Step
from pbxd.abuse.rules import announcement, refuse_number, step
from pbxd.agents.model import Agent
from pbxd.ami import actions
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.situation import Situation, situation
from pbxd.desk.switchboard import Switchboard
from pbxd.events import AbuseReported, CallEnded, CallIdentified, LegEnded
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

PLACE = "pbxd-abuse"


class Abuse:
    """Kinds and policy in memory, because a button must not wait for the disk."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        store: Store,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        normalise: Callable[[str], str],
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._store = store
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._normalise = normalise
        self.all_kinds: tuple[Kind, ...] = DEFAULT_KINDS
        self.policy = Policy()
        self.refuse: Callable[[str, str], Awaitable[None]] = _refuse_nobody  # number, kind's word
        self._warned: dict[tuple[str, str], int] = {}  # call, kind → warnings so far
        self._open: dict[str, Incident] = {}  # customer's leg → the incident that is being played
        self._customers: dict[str, str] = {}  # call → customer
        bus.subscribe(LegEnded, self._leg_ended)
        bus.subscribe(CallEnded, self._call_ended)
        bus.subscribe(CallIdentified, self._identified)

    async def load(self) -> None:
        """Read kinds and policy."""
        async with self._store.reading() as conn:
            self.all_kinds = await queries.kinds(conn)
            self.policy = await queries.policy(conn)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Those that the button offers, in order."""
        return tuple(kind for kind in self.all_kinds if not kind.retired)

    async def change(self, kinds: Sequence[Kind], policy: Policy) -> None:
        """The office's settings from now on."""
        async with self._store.writing() as conn:
            await queries.keep_kinds(conn, kinds)
            await queries.keep_policy(conn, policy)
        await self.load()

    async def block(self, agent: Agent, call_key: str, word: str) -> CommandResult:
        """Warn, or play the last word and hang up, as the kind's policy says."""
        kind = next((one for one in self.kinds if one.word == word), None)
        call = self._live.get(call_key)
        now = None if call is None else situation(call, agent)
        if kind is None:
            return refused("no-such-kind", "There is no such kind of abuse.")
        if call is None or now is None:
            return refused("call-over", "This call is over.")
        customer = now.customer
        if customer is None or customer.party.extension:
            return refused("no-customer", "You are not talking with a customer.")
        what = step(kind, self._warned.get((call.key, kind.word), 0))
        result = await (self._warn if what is Step.WARNED else self._end)(agent, now, kind)
        if result.ok:
            self._report(agent, call, now, kind, what)
        return result

    async def _warn(self, agent: Agent, now: Situation, kind: Kind) -> CommandResult:
        customer = now.beside[0]
        variables = (
            actions.SetVariable(customer.channel, "PBXD_BACK", agent.extension),
            actions.SetVariable(customer.channel, "PBXD_PEER", now.mine.channel),
            actions.SetVariable(now.mine.channel, "PBXD_WITH", customer.channel),
        )
        return await self._send(
            *variables,
            actions.Redirect(
                customer.channel,
                PLACE,
                announcement(kind, Step.WARNED),
                now.mine.channel,
                PLACE,
                "music",
            ),
        )

    async def _end(self, agent: Agent, now: Situation, kind: Kind) -> CommandResult:
        """Both leave the bridge at once: the agent hears nothing more of him."""
        del agent
        customer, place = now.beside[0], announcement(kind, Step.BLOCKED)
        if self.policy.agent_waits:
            return await self._send(
                actions.SetVariable(now.mine.channel, "PBXD_WITH", customer.channel),
                actions.Redirect(
                    customer.channel, PLACE, place, now.mine.channel, PLACE, "silence"
                ),
            )
        result = await self._send(actions.Redirect(customer.channel, PLACE, place))
        if result.ok:
            await self._switchboard.hang_up(now.mine.channel, 16)
        return result

    async def _send(self, *wanted: actions.Action) -> CommandResult:
        for action in wanted:
            result = await self._switchboard.send(action)
            if not result.ok:
                return result
        return result

    def _report(self, agent: Agent, call: Call, now: Situation, kind: Kind, what: Step) -> None:
        party = now.beside[0].party
        if what is Step.WARNED:
            count = self._warned.get((call.key, kind.word), 0)
            self._warned[call.key, kind.word] = count + 1
        incident = Incident(
            id=new_id(),
            at=self._clock(),
            call_id=call.key,
            linkedid=call.linkedid,
            kind=kind.word,
            step=what,
            agent_id=agent.id,
            extension=agent.extension,
            number="" if party.withheld else self._normalise(party.number),
            customer_id=self._customers.get(call.key, ""),
            announcement=announcement(kind, what),
        )
        if what is Step.BLOCKED:
            self._open[now.beside[0].id] = incident
        self._supervisor.once("abuse incident", self._write(incident))

    async def _write(self, incident: Incident) -> None:
        async with self._store.writing() as conn:
            await queries.add(conn, incident)
            blocked = 0
            if incident.number and incident.step is Step.BLOCKED:
                blocked = await queries.blocked_of(conn, incident.number)
        refuse = refuse_number(blocked, self.policy.block_after)
        if refuse:
            await self.refuse(incident.number, incident.kind)
        self._bus.publish(
            AbuseReported(
                incident.at,
                incident.id,
                incident.agent_id,
                incident.call_id,
                incident.customer_id,
                incident.kind,
                incident.step is Step.BLOCKED,
                refuse,
            )
        )

    def _leg_ended(self, event: LegEnded) -> None:
        """The customer's line went dead: after the last word, or because he hung up in it."""
        incident = self._open.pop(event.leg.id, None)
        if incident is None:
            return
        whole, at = not event.leg.hung_up, event.at

        async def write() -> None:
            async with self._store.writing() as conn:
                await queries.ended(conn, incident.id, at, whole)

        self._supervisor.once("abuse incident ended", write())

    def _call_ended(self, event: CallEnded) -> None:
        self._customers.pop(event.call.key, None)
        for kind in self.all_kinds:
            self._warned.pop((event.call.key, kind.word), None)

    def _identified(self, event: CallIdentified) -> None:
        if self._live.get(event.key) is not None:
            self._customers[event.key] = event.customer_id


async def _refuse_nobody(number: str, kind: str) -> None:
    """Until the composition root plugs the blacklist in."""
