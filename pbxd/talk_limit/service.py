"""Watches the length of calls: notice, extension, end."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from pbxd.agents.model import Agent
from pbxd.ami import actions
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import SPY_PREFIX, Call, Leg
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.desk.situation import situation
from pbxd.desk.switchboard import Switchboard
from pbxd.events import CallAnswered, CallEnded, CallEvent, TalkLimitChanged
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.talk_limit import queries
from pbxd.talk_limit.model import AtEnd, How, Limit, Progress, Rule
from pbxd.talk_limit.rules import customer_leg, due, limit, limited, shown_from
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

PLACE = "pbxd-limit"
REMEMBERED = timedelta(days=1)
AGAIN_S = 5.0  # the customer waits or is held: looked at again
NORMAL = 16

Exempt = Callable[[Call], Awaitable[bool]]


class TalkLimits:
    """One timer for all calls; what it did is on disk, so that a restart repeats nothing."""

    def __init__(
        self,
        switchboard: Switchboard,
        live: LiveCalls,
        store: Store,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._switchboard = switchboard
        self._live = live
        self._store = store
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self.rule = Rule()
        self.queue_of: Callable[[str], str] = lambda linkedid: ""
        self.is_vip: Callable[[str], Awaitable[bool]] | None = None
        self._progress: dict[str, Progress] = {}  # by linkedid
        self._shown: set[str] = set()
        self._changed = asyncio.Event()
        bus.subscribe(CallEvent, self._on_call)

    async def load(self) -> None:
        """Read the rule, and what was done to calls that may still be up."""
        async with self._store.reading() as conn:
            self.rule = await queries.rule(conn)
            self._progress = await queries.since(conn, self._clock() - REMEMBERED)

    async def change(self, rule: Rule) -> None:
        """The office's rule from now on, for calls that are up too."""
        async with self._store.writing() as conn:
            await queries.keep_rule(conn, rule)
        self.rule = rule
        self._progress = {
            key: dataclasses.replace(one, exempt=None) for key, one in self._progress.items()
        }
        self._changed.set()
        for call in self._live.calls():
            self._tell(call)

    def of(self, key: str) -> Limit | None:
        """What the screen shows of a call's limit; None: nothing (yet)."""
        call = self._live.get(key)
        if call is None or not limited(self.rule, call):
            return None
        progress = self._of(call)
        if progress.exempt or progress.ended:
            return None
        found = limit(self.rule, call, progress)
        near = progress.extensions or found.warned or shown_from(found) <= self._clock()
        return found if near else None

    async def extend(self, agent: Agent, key: str) -> CommandResult:
        """Some minutes more, as the rule says."""
        call = self._live.get(key)
        if call is None or situation(call, agent) is None:
            return refused("call-over", "This call is over.")
        if not limited(self.rule, call):
            return refused("no-limit", "This call has no time limit.")
        if not limit(self.rule, call, self._of(call)).can_extend:
            return refused("no-extension-left", "This call cannot be extended any more.")
        progress = self._of(call)
        self._keep(
            call,
            dataclasses.replace(progress, extensions=progress.extensions + 1, over_at=None),
        )
        self._changed.set()
        if (customer := customer_leg(call)) is not None:
            await self._beep(call, customer)
        return CommandResult(Result.OK)

    async def finish(self, agent: Agent, key: str) -> CommandResult:
        """The agent ends a call whose time is over, with the announcement."""
        call = self._live.get(key)
        customer = None if call is None else customer_leg(call)
        if call is None or customer is None or situation(call, agent) is None:
            return refused("call-over", "This call is over.")
        if self._of(call).over_at is None:
            return refused("limit-not-over", "The time of this call is not over yet.")
        return await self._end(call, customer)

    async def run(self) -> None:
        """Warn and end, for ever."""
        while True:
            self._changed.clear()
            pause = await self._round()
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                pass

    async def _round(self) -> float | None:
        moments: list[datetime] = []
        for call in self._live.calls():
            if limited(self.rule, call) and (next_ := await self._look(call)) is not None:
                moments.append(next_)
        if not moments:
            return None
        return max(0.05, (min(moments) - self._clock()).total_seconds())

    async def _look(self, call: Call) -> datetime | None:
        """Do what is due in this call; when to look again."""
        progress = self._of(call)
        if progress.exempt is None:
            progress = dataclasses.replace(progress, exempt=await self._exempt(call))
            self._progress[call.linkedid] = progress
        if progress.exempt or progress.ended:
            return None
        found, now = limit(self.rule, call, progress), self._clock()
        if now >= shown_from(found) and call.key not in self._shown:
            self._shown.add(call.key)
            self._tell(call)
        what, again = due(found, now)
        if what is None:
            return again
        return await self._do(what, call, progress)

    async def _do(self, what: How, call: Call, progress: Progress) -> datetime | None:
        """The notice or the end; when to look again."""
        again = self._clock() + timedelta(seconds=AGAIN_S)
        customer = customer_leg(call)
        if customer is None:
            return again
        if what is How.WARNED:
            await self._warn(call, customer, progress)
            return again
        if self.rule.at_end is AtEnd.AGENT:
            over = dataclasses.replace(progress, over_at=self._clock())
            self._keep(call, over, How.OVER)
            await self._beep(call, customer)
            return None
        return None if (await self._end(call, customer)).ok else again

    async def _warn(self, call: Call, customer: Leg, progress: Progress) -> bool:
        """The notice is whispered to the customer; the agent's screen shows it."""
        result = await self._whisper(customer, "say")
        if not result.ok:
            log.warning("notice not played", call=call.key, reason=result.reason)
            return False
        self._keep(call, dataclasses.replace(progress, warned_at=self._clock()), How.WARNED)
        await self._beep(call, customer)
        return True

    async def _whisper(self, leg: Leg, what: str) -> CommandResult:
        """Play `what` of the dialplan to one party alone, while all go on talking."""
        channel_id = f"{SPY_PREFIX}{new_id()}"
        return await self._switchboard.send(
            actions.Originate(
                channel=f"Local/{what}@{PLACE}/n",
                channel_id=channel_id,
                other_channel_id=f"{channel_id}-2",
                context=PLACE,
                exten="notice",
                timeout_s=10,
                variables=(("PBXD_SPY", leg.channel),),
            )
        )

    async def _beep(self, call: Call, customer: Leg) -> None:
        """For an agent without a screen."""
        for leg in call.beside(customer):
            if leg.party.extension:
                await self._whisper(leg, "beep")

    async def _end(self, call: Call, customer: Leg) -> CommandResult:
        """Customer and agents part at once: the agent is free while the announcement plays."""
        agents = [leg for leg in call.beside(customer) if leg.party.extension]
        result = await self._switchboard.send(actions.Redirect(customer.channel, PLACE, "end"))
        if not result.ok:
            return result
        self._keep(call, dataclasses.replace(self._of(call), ended=True), How.ENDED)
        if len(agents) == 1:  # in a conference the others go on
            await self._switchboard.hang_up(agents[0].channel, NORMAL)
        return result

    async def _exempt(self, call: Call) -> bool:
        if self.queue_of(call.linkedid) in self.rule.exempt_queues:
            return True
        number = call.outside.number
        if not self.rule.vip or self.is_vip is None or not number or call.outside.withheld:
            return False
        return await self.is_vip(number)

    def _of(self, call: Call) -> Progress:
        return self._progress.get(call.linkedid, Progress(call.linkedid))

    def _keep(self, call: Call, progress: Progress, how: How = How.EXTENDED) -> None:
        self._progress[call.linkedid] = progress
        at = self._clock()

        async def write() -> None:
            async with self._store.writing() as conn:
                await queries.keep(conn, progress, at)

        self._supervisor.once("talk limit", write())
        self._tell(call, how)

    def _tell(self, call: Call, how: How | None = None) -> None:
        self._bus.publish(
            TalkLimitChanged(self._clock(), call.key, "" if how is None else how.value)
        )

    def _on_call(self, event: CallEvent) -> None:
        if isinstance(event, CallEnded):
            self._shown.discard(event.call.key)
            self._progress.pop(event.call.linkedid, None)
        elif self.rule.on and isinstance(event, CallAnswered):
            self._changed.set()
