"""One life-cycle for all who should be called back.

One open item a caller; wishes join it and are counted; never two dials in flight; closed when he
was reached by any route. What the dialplan took down is read from AstDB, once.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog

from pbxd.ami import actions
from pbxd.ami.events import AmiEvent, CallbackAsked
from pbxd.ami.reply import Ending as ReplyEnding
from pbxd.bus import Bus
from pbxd.callbacks import queries, spool
from pbxd.callbacks.model import Callback, Ending, Policy, Request, Source
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.calls import queries as calls
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Direction, Outcome, Unanswered
from pbxd.calls.record import CallRecord
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.service import Desk
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import (
    CallbackDue,
    CallbacksChanged,
    CallRecorded,
    LinkState,
    PbxLinkChanged,
)
from pbxd.ports import Clock
from pbxd.presence.mirror import Mirror, Sender
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

RULES = "pbxd/callback-rule"
LOOK_EVERY_S = 30.0
DIAL_AT_MOST = timedelta(minutes=5)  # a lock nobody gave back; a call that lives is seen anyway
LONGEST_NOTE = 1000
NOT_REACHED = {Outcome.MISSED, Outcome.BUSY, Outcome.ABANDONED}


class Callbacks:
    """The list of who is to be called back; every change is in the store before it is told."""

    def __init__(
        self,
        link: Sender,
        desk: Desk,
        live: LiveCalls,
        store: Store,
        bus: Bus,
        plan: NumberPlan,
        supervisor: Supervisor,
        clock: Clock,
    ) -> None:
        self._link = link
        self._desk = desk
        self._live = live
        self._store = store
        self._bus = bus
        self._plan = plan
        self._supervisor = supervisor
        self._clock = clock
        self._policy = Policy()
        self._reading = asyncio.Lock()
        self._told: set[tuple[str, datetime | None]] = set()  # reminders given
        self.waiting: tuple[int, datetime | None] = (0, None)  # how many, the oldest
        self._rules = Mirror(link, RULES)
        self._rules.follow(self._wanted, bus, supervisor)
        bus.subscribe(PbxLinkChanged, self._linked)
        bus.subscribe(CallRecorded, self._recorded)

    @property
    def policy(self) -> Policy:
        """What becomes a callback."""
        return self._policy

    async def load(self) -> None:
        """Read the policy; nobody dials anything yet."""
        async with self._store.writing() as conn:
            await queries.unlock(conn)
            self._policy = await queries.policy(conn)
            self.waiting = await queries.counts(conn)

    async def run(self) -> None:
        """Reminders, what is overdue, and what the dialplan wrote down without telling us."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Once."""
        now = self._clock()
        async with self._store.writing() as conn:
            late = now - timedelta(minutes=self._policy.hand_over_minutes)
            handed = await queries.to_the_team(conn, late)
            due = await queries.due(conn, now)
        for item in due:
            if (item.id, item.due_at) not in self._told:
                self._told.add((item.id, item.due_at))
                self._bus.publish(CallbackDue(now, item.agent_id, item.number, item.note))
        if handed:
            await self._changed()
        if self._link.up:
            await self.read_spool()

    def apply(self, event: AmiEvent) -> None:
        """The dialplan says that it wrote something down."""
        if isinstance(event, CallbackAsked):
            self._supervisor.once("callback asked", self.read_spool())

    async def read_spool(self) -> int:
        """Take what the dialplan wrote into the store, then out of AstDB; how many were new."""
        async with self._reading:
            reply = await self._link.send(actions.DBGetTree(spool.FAMILY))
            if not reply.ok:
                if reply.ending is not ReplyEnding.REFUSED:  # refused: there is none
                    log.warning("callbacks not read", ending=reply.ending.value)
                return 0
            new = 0
            for item in reply.items:
                if "Key" not in item:
                    continue
                key = item["Key"].rpartition("/")[2]
                wish = spool.request(key, item.get("Val", ""), self._plan.normalise)
                if wish is None:
                    log.error("callback not understood", key=key)  # it stays where it is
                    continue
                new += await self.ask(wish) is not None
                await self._link.send(actions.DBDel(spool.FAMILY, key))
            return new

    async def ask(self, request: Request) -> Callback | None:
        """A wish: a new item, or joined to the caller's open one. None: it was taken before."""
        async with self._store.writing() as conn:
            if await queries.known(conn, request.key):
                return None
            old = await queries.open_of(conn, request.number) if request.number else None
            id = old.id if old is not None else new_id()
            if old is None:
                await queries.add(conn, id, request)
            else:
                await queries.join(conn, old, request)
            await queries.taken(conn, id, request)
            made = await queries.one(conn, id)
        await self._changed()
        return made

    def number(self, text: str) -> str:
        """A number outside, as typed, as it is kept. Raises InvalidInput."""
        number = self._plan.parse(text)
        if number.kind in (NumberKind.EXTENSION, NumberKind.EMERGENCY):
            raise InvalidInput(
                "callback-own", "Enter a telephone number outside the office.", field="number"
            )
        return number.e164

    async def promise(
        self, number: str, agent_id: str, due_at: datetime | None, note: str, key: str = ""
    ) -> Callback:
        """An agent's word (recall). Raises InvalidInput."""
        wanted = self.number(number)
        self._check(note)
        if due_at is not None and due_at <= self._clock():
            raise InvalidInput("due-past", "Choose a time that is still to come.", field="due")
        wish = Request(
            key=key or new_id(),
            number=wanted,
            source=Source.PROMISE,
            at=self._clock(),
            note=note.strip(),
            agent_id=agent_id,
            due_at=due_at,
        )
        made = await self.ask(wish)
        if made is None:
            raise Conflict("asked-before", "This callback is on the list already.")
        return made

    async def get(self, id: str) -> Callback:
        """One of them. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        if found is None:
            raise NotFound("no-callback", "This callback is not there any more.")
        return found

    async def dial(
        self, id: str, agent_id: str, command_id: str, customer_id: str = ""
    ) -> CommandResult:
        """Ring the agent, then call back; refused while anybody else does so."""
        item = await self.get(id)
        if not item.number:
            return refused("no-number", "The caller left no number; listen to the message.")
        if self._in_call(item.number):
            return refused("talks-already", "A colleague is in a call with this number.")
        now = self._clock()
        async with self._store.writing() as conn:
            mine = await queries.lock(conn, id, agent_id, now, now + DIAL_AT_MOST)
        if not mine:
            return refused("dialled-already", "Somebody else is calling back or has done so.")
        result = await self._desk.dial(agent_id, item.number, command_id, customer_id)
        if not result.ok:
            async with self._store.writing() as conn:
                await queries.unlock(conn, id)
        await self._changed()
        return result

    async def complete(self, ids: Sequence[str], by: str) -> list[Callback]:
        """Done; those that were open."""
        async with self._store.writing() as conn:
            found = [await queries.one(conn, id) for id in ids]
            gone = [item for item in found if item is not None and item.open]
            now = self._clock()
            await queries.close(conn, [item.id for item in gone], now, by, Ending.COMPLETED)
        await self._changed()
        return gone

    async def complete_all(self, numbers: Collection[str], by: str) -> list[Callback]:
        """All of a customer's (S4-70)."""
        async with self._store.reading() as conn:
            found = await queries.listed(conn, numbers=numbers)
        return await self.complete([item.id for item in found], by)

    async def reopen(self, ids: Sequence[str]) -> None:
        """Undo; where he has asked again meanwhile, that item stands for it."""
        async with self._store.writing() as conn:
            for id in ids:
                item = await queries.one(conn, id)
                if item is None or item.open:
                    continue
                if item.number and await queries.open_of(conn, item.number) is not None:
                    continue
                await queries.reopen(conn, id)
        await self._changed()

    async def assign(
        self, id: str, version: int, agent_id: str, due_at: datetime | None, note: str
    ) -> None:
        """Whose it is ("" everybody's), until when. Raises NotFound, Conflict, InvalidInput."""
        self._check(note)
        item = dataclasses.replace(await self.get(id), version=version)
        async with self._store.writing() as conn:
            if not await queries.assign(conn, item, agent_id, due_at, note.strip()):
                raise Conflict(
                    "callback-changed",
                    "Somebody else has changed this callback meanwhile. Look at it again.",
                )
        await self._changed()

    async def set_policy(self, policy: Policy) -> None:
        """From now on."""
        async with self._store.writing() as conn:
            await queries.keep_policy(conn, policy)
        self._policy = policy
        self._rules.soon()

    def _check(self, note: str) -> None:
        if len(note.strip()) > LONGEST_NOTE:
            raise InvalidInput("callback-note", "At most 1,000 characters.", field="note")

    def _in_call(self, number: str) -> bool:
        normalise: Callable[[str], str] = self._plan.normalise
        return any(
            call.direction is not Direction.INTERNAL and normalise(call.outside.number) == number
            for call in self._live.calls()
        )

    def _wanted(self) -> dict[str, str]:
        offered = {
            "closed": self._policy.hours,
            "nobody": self._policy.nobody,
            "queue": self._policy.queue,
        }
        return {word: "yes" for word, is_on in offered.items() if is_on}

    def _linked(self, event: PbxLinkChanged) -> None:
        if event.state is LinkState.UP:
            self._supervisor.once("callbacks from the dialplan", self.read_spool())

    def _recorded(self, event: CallRecorded) -> None:
        self._supervisor.once("callbacks of a call", self.follow(event.key))

    async def follow(self, call_id: str) -> None:
        """What a recorded call means for callbacks; each time with the same result."""
        async with self._store.reading() as conn:
            record = await calls.by_id(conn, call_id)
            if record is None or not record.number or record.direction is Direction.INTERNAL:
                return
            # nearly every call concerns nobody's wish: then the one writer is not kept busy
            waits = await queries.open_of(conn, record.number) is not None
        if record.outcome is Outcome.ANSWERED:
            if waits:
                await self._reached(record)
        elif record.direction is Direction.OUT:
            if waits:
                await self._tried(record)
        elif record.outcome in NOT_REACHED:
            await self._not_answered(record)

    async def _reached(self, record: CallRecord) -> None:
        async with self._store.writing() as conn:
            item = await queries.open_of(conn, record.number)
            if item is None or record.started_at < item.last_at:
                return  # he has asked again since
            if record.direction is Direction.OUT:
                await queries.tried(conn, item.id, record.ended_at, record.outcome)
            if self._policy.close_when_reached:
                by = record.agent_id
                await queries.close(conn, [item.id], record.ended_at, by, Ending.REACHED)
        await self._changed()

    async def _tried(self, record: CallRecord) -> None:
        async with self._store.writing() as conn:
            item = await queries.open_of(conn, record.number)
            if item is None or record.started_at < item.asked_at:
                return
            if item.last_try_at is not None and item.last_try_at >= record.ended_at:
                return  # told a second time
            if record.outcome is Outcome.CANCELLED:  # our own phone, or we thought better of it
                await queries.unlock(conn, item.id)
            else:
                await queries.tried(conn, item.id, record.ended_at, record.outcome)
        await self._changed()

    async def _not_answered(self, record: CallRecord) -> None:
        gave_up = record.reason is Unanswered.GAVE_UP or record.outcome is Outcome.ABANDONED
        if not (self._policy.abandoned if gave_up else self._policy.missed):
            return
        if record.reason is Unanswered.CALLBACK:
            return  # he has left his wish himself
        async with self._store.reading() as conn:
            if await queries.reached_since(conn, record.number, record.started_at):
                return
        source = Source.ABANDONED if gave_up else Source.MISSED
        await self.ask(
            Request(f"call-{record.id}", record.number, source, record.ended_at, record.dialled)
        )

    async def _changed(self) -> None:
        async with self._store.reading() as conn:
            self.waiting = await queries.counts(conn)
        self._bus.publish(CallbacksChanged(self._clock()))
