"""Dials what is due, with no browser open (S1-21); rings the agent first."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import datetime

import structlog

from pbxd.agents.service import Agents
from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.model import DUE_PREFIX, Call, Outcome
from pbxd.config import ScheduledSettings
from pbxd.desk.rules import MayCall
from pbxd.desk.service import Desk
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import (
    CallEnded,
    CommandSettled,
    LinkState,
    PbxLinkChanged,
    ScheduledCallsChanged,
    ScheduledCallSoon,
)
from pbxd.ports import Clock
from pbxd.scheduled import queries
from pbxd.scheduled.model import ScheduledCall, State
from pbxd.scheduled.rules import after_failure, check_due, remind_at, too_late
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

LONGEST_NOTE = 500
NOT_ANSWERED = {
    Outcome.NO_ANSWER: "Nobody answered.",
    Outcome.BUSY: "The number was busy.",
    Outcome.CANCELLED: "The agent's phone was not picked up.",
    Outcome.FAILED: "The call failed.",
}


class ScheduledCalls:
    """Each row is marked before it is dialled: a kill at any moment never dials it twice."""

    def __init__(
        self,
        desk: Desk,
        store: Store,
        bus: Bus,
        agents: Agents,
        plan: NumberPlan,
        may_call: MayCall,
        supervisor: Supervisor,
        clock: Clock,
        settings: ScheduledSettings,
    ) -> None:
        self._desk = desk
        self._store = store
        self._bus = bus
        self._agents = agents
        self._plan = plan
        self._may_call = may_call
        self._supervisor = supervisor
        self._clock = clock
        self._settings = settings
        self._changed = asyncio.Event()
        self._link_up = False
        self._rung: dict[str, str] = {}  # command id → the row that is being dialled
        bus.subscribe(PbxLinkChanged, self._on_link)
        bus.subscribe(CommandSettled, self._settled)
        bus.subscribe(CallEnded, lambda event: self._call_ended(event.call))

    async def add(
        self, agent_id: str, number: str, due: datetime, note: str = "", customer_id: str = ""
    ) -> ScheduledCall:
        """Schedule a call. Raises InvalidInput (number, time, note)."""
        call = ScheduledCall(
            new_id(), agent_id, "", due, due, note=note.strip(), customer_id=customer_id
        )
        call = self._checked(call, number, due)
        async with self._store.writing() as conn:
            await queries.add(conn, call, self._clock())
        self._tell()
        return call

    async def change(
        self, id: str, number: str, due: datetime, note: str, version: int
    ) -> ScheduledCall:
        """Another number or time (better than S1-20). Raises InvalidInput, NotFound, Conflict."""
        before = await self.get(id)
        if before.state is not State.PENDING:
            raise Conflict("scheduled-over", "This call is being made or is over already.")
        after = dataclasses.replace(
            before, note=note.strip(), attempts=0, reason="", reminded=False
        )
        after = self._checked(after, number, due)
        await self._keep(after, version)
        return after

    async def cancel(self, id: str, version: int) -> None:
        """Do not make it. Raises NotFound, Conflict."""
        before = await self.get(id)
        if before.state is not State.PENDING:
            raise Conflict("scheduled-over", "This call is being made or is over already.")
        await self._keep(dataclasses.replace(before, state=State.CANCELLED), version)

    async def restore(self, id: str, version: int) -> None:
        """Undo a cancellation. Raises NotFound, Conflict, InvalidInput (its time is over)."""
        before = await self.get(id)
        if before.state is not State.CANCELLED:
            raise Conflict("scheduled-not-cancelled", "This call was not cancelled.")
        check_due(before.due_at, self._clock())
        await self._keep(dataclasses.replace(before, state=State.PENDING), version)

    async def get(self, id: str) -> ScheduledCall:
        """One of them. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        if found is None:
            raise NotFound("no-scheduled-call", "There is no such scheduled call.")
        return found

    async def run(self) -> None:
        """Dial and remind, for ever."""
        await self._interrupted()
        while True:
            self._changed.clear()
            pause = await self._round()
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                pass

    async def _round(self) -> float | None:
        """Do what is due; seconds until the next."""
        async with self._store.reading() as conn:
            calls = await queries.waiting(conn)
        now, moments = self._clock(), []
        for found in calls:
            if found.state is State.RINGING:
                continue
            call, soon = found, remind_at(found, self._settings)
            if soon is not None and soon <= now:
                call = await self._remind(found)
            elif soon is not None:
                moments.append(soon)
            if call.next_at > now:
                moments.append(call.next_at)
            elif too_late(call, now, self._settings):
                reason = "The telephone system was away at that time."
                await self._keep(
                    dataclasses.replace(call, state=State.MISSED, reason=reason), call.version
                )
            elif self._link_up:
                await self._dial(call)
        return max(0.05, (min(moments) - now).total_seconds()) if moments else None

    async def _remind(self, call: ScheduledCall) -> ScheduledCall:
        after = dataclasses.replace(call, reminded=True)
        await self._keep(after, call.version)
        if after.due_at > self._clock():
            shown = self._plan.display(call.number)
            soon = ScheduledCallSoon(self._clock(), call.id, call.agent_id, shown, call.due_at)
            self._bus.publish(soon)
        return dataclasses.replace(after, version=call.version + 1)

    async def _dial(self, call: ScheduledCall) -> None:
        ringing = dataclasses.replace(call, state=State.RINGING, attempts=call.attempts + 1)
        await self._keep(ringing, call.version)
        command = f"{DUE_PREFIX}{call.id}-{ringing.attempts}"
        self._rung[command] = call.id
        result = await self._desk.dial_due(call.agent_id, call.number, command, call.customer_id)
        if not result.ok:
            self._rung.pop(command, None)
            await self._failed(call.id, result.reason)

    def _settled(self, event: CommandSettled) -> None:
        """The agent's phone was not picked up, or it was (then the call's end tells)."""
        id = self._rung.get(event.command_id)
        if id is not None and event.result != "ok":
            del self._rung[event.command_id]
            self._supervisor.once("scheduled call failed", self._failed(id, event.reason))

    def _call_ended(self, call: Call) -> None:
        command = next((leg.id for leg in call.legs if leg.id in self._rung), "")
        id = self._rung.pop(command, None)
        if id is None:
            return
        if call.outcome is Outcome.ANSWERED:
            self._supervisor.once("scheduled call done", self._done(id, call.key))
        else:
            reason = NOT_ANSWERED.get(call.outcome or Outcome.FAILED, NOT_ANSWERED[Outcome.FAILED])
            self._supervisor.once("scheduled call failed", self._failed(id, reason))

    async def _done(self, id: str, call_id: str) -> None:
        before = await self.get(id)
        done = dataclasses.replace(before, state=State.DONE, call_id=call_id, reason="")
        await self._keep(done, before.version)

    async def _failed(self, id: str, reason: str) -> None:
        before = await self.get(id)
        if before.state is State.RINGING:
            after = after_failure(before, self._clock(), reason[:120], self._settings)
            await self._keep(after, before.version)

    async def _interrupted(self) -> None:
        """What was being dialled when pbxd died: whether it was, nobody knows; never again."""
        async with self._store.reading() as conn:
            calls = await queries.waiting(conn)
        for call in calls:
            if call.state is State.RINGING:
                reason = "pbxd was restarted while this call was made; look at the call log."
                await self._keep(
                    dataclasses.replace(call, state=State.FAILED, reason=reason), call.version
                )

    async def _keep(self, call: ScheduledCall, version: int) -> None:
        async with self._store.writing() as conn:
            kept = await queries.keep(conn, call, version)
        if not kept:
            raise Conflict("scheduled-stale", "Somebody else has changed this call meanwhile.")
        self._tell()

    def _checked(self, call: ScheduledCall, number: str, due: datetime) -> ScheduledCall:
        parsed = self._plan.parse(number)
        self._may_call(self._agents.by_id(call.agent_id), parsed)
        if len(call.note) > LONGEST_NOTE:
            raise InvalidInput("note-long", "A note has at most 500 characters.", field="note")
        check_due(due, self._clock())
        return dataclasses.replace(call, number=parsed.e164, due_at=due, next_at=due)

    def _on_link(self, event: PbxLinkChanged) -> None:
        self._link_up = event.state is LinkState.UP
        self._changed.set()

    def _tell(self) -> None:
        self._changed.set()
        self._bus.publish(ScheduledCallsChanged(self._clock()))
