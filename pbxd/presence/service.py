"""How each agent is: available, away, in wrap-up. The store first, then Asterisk, then the bus."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import datetime, timedelta

from pbxd.agents.model import Agent
from pbxd.agents.presence import By, Options, Presence, Reason
from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.errors import NotFound
from pbxd.events import AgentPresenceChanged, PresenceKind
from pbxd.ports import Clock
from pbxd.presence import queries, rules
from pbxd.presence.mirror import Mirror
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

OFFERED_FOR = timedelta(minutes=10)  # a rest after an abusive call


class Presences:
    """Reads are from memory. Changes of one moment come one after the other."""

    def __init__(
        self, store: Store, bus: Bus, agents: Agents, mirror: Mirror, clock: Clock
    ) -> None:
        self._store = store
        self._bus = bus
        self._agents = agents
        self._mirror = mirror
        self._clock = clock
        self._now: dict[str, Presence] = {}
        self._reasons: dict[str, Reason] = {}
        self._offers: dict[str, datetime] = {}  # agent → until when
        self._one_at_a_time = asyncio.Lock()
        self._moved = asyncio.Event()
        self.options = Options()
        mirror.wanted = self._wanted

    async def load(self) -> None:
        """Read everything; who is not available is told to all who want to know."""
        await self.load_settings()
        async with self._store.reading() as conn:
            found = await queries.now(conn, tuple(self._reasons.values()))
        self._now = {presence.agent_id: presence for presence in found}
        for presence in found:
            self._tell(presence)

    async def load_settings(self) -> None:
        """Read the reasons and the office's settings again: somebody changed them."""
        async with self._store.reading() as conn:
            self._reasons = {reason.id: reason for reason in await queries.reasons(conn)}
            self.options = await queries.options(conn)
        for agent_id, presence in self._now.items():
            if presence.reason is not None:
                reason = self._reasons.get(presence.reason.id, presence.reason)
                self._now[agent_id] = dataclasses.replace(presence, reason=reason)

    def reasons(self) -> tuple[Reason, ...]:
        """Those that an agent may choose now, in the office's order."""
        return tuple(reason for reason in self._reasons.values() if not reason.retired)

    def of(self, agent_id: str) -> Presence:
        """How an agent is now."""
        known = self._now.get(agent_id)
        return known or Presence(agent_id, PresenceKind.AVAILABLE, self._clock())

    def away_by(self, reason_id: str) -> tuple[Agent, ...]:
        """Who is away by this reason now."""
        found = (
            self._agents.by_id(one.agent_id)
            for one in self._now.values()
            if one.reason is not None and one.reason.id == reason_id
        )
        return tuple(agent for agent in found if agent is not None and not agent.closed)

    async def away(
        self, agent_id: str, reason_id: str, by: By = By.SELF, by_user_id: str = ""
    ) -> bool:
        """No calls from now on; "" (by AUTO) after unanswered ones. Raises NotFound.

        False: it is written down, but Asterisk cannot be told until the link is back.
        """
        reason = self._reasons.get(reason_id)
        if (reason is None and by is not By.AUTO) or (reason is not None and reason.retired):
            raise NotFound("no-reason", "This reason is no longer there; choose another one.")
        async with self._one_at_a_time:
            now = self._clock()
            minutes = reason.minutes if reason is not None else None
            until = None if minutes is None else now + timedelta(minutes=minutes)
            return await self._become(
                Presence(agent_id, PresenceKind.AWAY, now, reason, until, by), by_user_id
            )

    async def back(self, agent_id: str, by: By = By.SELF, by_user_id: str = "") -> bool:
        """Calls come again; False as above. Raises NotFound."""
        async with self._one_at_a_time:
            if self.of(agent_id).reachable:
                return await self._mirror_of(self._agent(agent_id))
            presence = Presence(agent_id, PresenceKind.AVAILABLE, self._clock(), by=by)
            return await self._become(presence, by_user_id)

    async def wrap_up(self, agent_id: str) -> None:
        """A call with a customer is over: no new one for the office's seconds (0: none)."""
        async with self._one_at_a_time:
            if not self.options.wrap_up_seconds or not rules.may_wrap_up(self.of(agent_id)):
                return
            now = self._clock()
            until = now + timedelta(seconds=self.options.wrap_up_seconds)
            await self._become(Presence(agent_id, PresenceKind.WRAP_UP, now, until=until))

    async def end_wrap_up(self, agent_id: str) -> bool:
        """Calls come again, unless the agent went away meanwhile."""
        if self.of(agent_id).kind is PresenceKind.AWAY:
            return True
        return await self.back(agent_id)

    async def extend(self, agent_id: str) -> bool:
        """A minute more to write down what the call was about; nothing when it is over."""
        async with self._one_at_a_time:
            presence = self.of(agent_id)
            if presence.kind is not PresenceKind.WRAP_UP or presence.until is None:
                return True
            until = max(presence.until, self._clock()) + rules.EXTENDED_BY
            presence = dataclasses.replace(presence, until=until)
            async with self._store.writing() as conn:
                await queries.extend(conn, presence)
            return await self._is(presence)

    def offer_rest(self, agent_id: str) -> None:
        """After an abusive call: the agent's screen offers the reason that is marked as rest."""
        if self._rest() is not None and self._agents.by_id(agent_id) is not None:
            self._offers[agent_id] = self._clock() + OFFERED_FOR
            self._tell(self.of(agent_id))

    def rest_offered(self, agent_id: str) -> Reason | None:
        """The rest that the agent's screen offers now."""
        if (until := self._offers.get(agent_id)) is None or until <= self._clock():
            return None
        return self._rest()

    def decline_rest(self, agent_id: str) -> None:
        """Not now."""
        if self._offers.pop(agent_id, None) is not None:
            self._tell(self.of(agent_id))

    async def run(self) -> None:
        """End each wrap-up and each offer in its time, for ever."""
        while True:
            self._moved.clear()
            try:
                async with asyncio.timeout(self._seconds_to_next()):
                    await self._moved.wait()
            except TimeoutError:
                await self.end_due()

    async def end_due(self) -> None:
        """End what is over now."""
        now = self._clock()
        for agent_id in [key for key, until in self._offers.items() if until <= now]:
            self.decline_rest(agent_id)
        for agent in self._agents.all():
            async with self._one_at_a_time:
                old = self.of(agent.id)
                if rules.due(old, now) and old.until is not None:
                    # also when pbxd was away meanwhile: the dialplan went by the same time
                    over = Presence(agent.id, PresenceKind.AVAILABLE, old.until)
                    await self._become(over)

    async def align(self) -> None:
        """Make Asterisk's database equal to ours."""
        await self.end_due()
        await self._mirror.align()

    def _rest(self) -> Reason | None:
        return next((reason for reason in self.reasons() if reason.rest), None)

    def _agent(self, agent_id: str) -> Agent:
        agent = self._agents.by_id(agent_id)
        if agent is None or agent.closed:
            raise NotFound("no-agent", "There is no such agent.")
        return agent

    async def _become(self, presence: Presence, by_user_id: str = "") -> bool:
        self._agent(presence.agent_id)
        before = self._now.get(presence.agent_id, presence).since  # a clock may be set back
        presence = dataclasses.replace(presence, since=max(presence.since, before), period=new_id())
        async with self._store.writing() as conn:
            await queries.change(conn, presence, by_user_id)
        if presence.kind is PresenceKind.AWAY:
            self._offers.pop(presence.agent_id, None)
        return await self._is(presence)

    async def _is(self, presence: Presence) -> bool:
        self._now[presence.agent_id] = presence
        self._moved.set()
        self._tell(presence)
        return await self._mirror_of(self._agent(presence.agent_id))

    async def _mirror_of(self, agent: Agent) -> bool:
        return self._mirror.up and await self._mirror.tell(agent.extension)

    def _tell(self, presence: Presence) -> None:
        agent = self._agents.by_id(presence.agent_id)
        if agent is None or agent.closed:
            return
        self._bus.publish(
            AgentPresenceChanged(
                self._clock(),
                agent.id,
                agent.extension,
                presence.kind,
                presence.word,
                presence.until,
            )
        )
        self._agents.take_presence(presence)

    def _wanted(self) -> dict[str, str]:
        """What AstDB has to say, by extension."""
        now = self._clock()
        found = {
            agent.extension: rules.mirror_value(presence)
            for agent in self._agents.all()
            if not rules.due(presence := self.of(agent.id), now)
        }
        return {extension: value for extension, value in found.items() if value}

    def _seconds_to_next(self) -> float | None:
        everybody = (self.of(agent.id) for agent in self._agents.all())
        ends = [
            one.until
            for one in everybody
            if one.kind is PresenceKind.WRAP_UP and one.until is not None
        ]
        ends += self._offers.values()
        return max(0.0, (min(ends) - self._clock()).total_seconds()) if ends else None
