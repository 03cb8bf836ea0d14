"""Recordings: what is recorded, taking it in, keeping and deleting it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from pbxd.agents.model import Agent
from pbxd.agents.service import Agents
from pbxd.ami.more_actions import MixMonitorMute
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, Direction, Leg
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.desk.switchboard import Switchboard
from pbxd.errors import InvalidInput, NotFound
from pbxd.events import CallbacksChanged, CallEnded, RecordingPaused, RecordingsChanged
from pbxd.ports import Clock
from pbxd.presence.mirror import Mirror, Sender
from pbxd.recordings import queries, rules, sealed
from pbxd.recordings.ingest import Ingest
from pbxd.recordings.model import Kind, Marker, Recording, Use
from pbxd.recordings.policy import Mode, Policy
from pbxd.recordings.queries import OfCall
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

log = structlog.get_logger(__name__)

FAMILY = "pbxd/record"
LOOK_EVERY_S = 2.0
TIDY_EVERY_S = 3600.0
LONGEST_MARKER = 500
GIGABYTE = 10**9


class Recordings:
    """`spool` None: Asterisk's files cannot be reached, so nothing is recorded."""

    def __init__(
        self,
        link: Sender,
        switchboard: Switchboard,
        live: LiveCalls,
        store: Store,
        bus: Bus,
        supervisor: Supervisor,
        clock: Clock,
        agents: Agents,
        queue_of: Callable[[str], str],
        spool: Path | None,
        directory: Path,
        key: bytes | None = None,
    ) -> None:
        self._link = link
        self._switchboard = switchboard
        self._live = live
        self._store = store
        self._bus = bus
        self._clock = clock
        self._agents = agents
        self._queue_of = queue_of  # linkedid of a live call → word of its queue
        self._directory = directory
        self._key = key
        self.policy = Policy()
        self.suspicious = 0  # in the last seven days
        self.unreadable = 0  # files that were put aside
        self.paused: set[str] = set()  # channels (uniqueids)
        self.wished: set[str] = set()  # calls (keys) that somebody wants kept
        self._ingest = (
            None
            if spool is None
            else Ingest(
                spool,
                directory,
                store,
                clock,
                self._lives,
                lambda: self.policy.codec,
                self._mode_of,
                key,
            )
        )
        self._mirror = Mirror(link, FAMILY)
        self._mirror.follow(self._wanted, bus, supervisor)
        bus.subscribe(CallEnded, self._ended)

    @property
    def possible(self) -> bool:
        """Asterisk's recordings can be reached."""
        return self._ingest is not None

    @property
    def no_space(self) -> bool:
        """The last one could not be kept."""
        return self._ingest is not None and self._ingest.no_space

    def free_bytes(self) -> int:
        """Of the disk on which recordings are kept."""
        place = self._directory
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    async def load(self) -> None:
        """Read the policy."""
        async with self._store.reading() as conn:
            self.policy = await queries.policy(conn)
        await self._count()

    async def run(self) -> None:
        """Take what is finished; delete what is old."""
        tidy_in = 0.0
        while True:
            if tidy_in <= 0:
                await self.tidy()
                tidy_in = TIDY_EVERY_S
            await self.take()
            await asyncio.sleep(LOOK_EVERY_S)
            tidy_in -= LOOK_EVERY_S

    async def close(self) -> None:
        """End the worker."""
        if self._ingest is not None:
            self._ingest.close()

    async def take(self) -> None:
        """Once."""
        if self._ingest is None:
            return
        troubled = self._ingest.no_space
        made = await self._ingest.take()
        if self._ingest.no_space and not troubled:
            await self.tidy()
        unreadable = await asyncio.to_thread(self._ingest.unreadable)
        if unreadable != self.unreadable:
            self.unreadable = unreadable
            self._bus.publish(RecordingsChanged(self._clock()))
        if made or troubled != self._ingest.no_space:
            await self._count()
            self._changed(made)

    async def tidy(self) -> None:
        """Delete what has been kept long enough, and the oldest while there is no space."""
        policy, now = self.policy, self._clock()
        before = rules.expires(now, policy.keep_days)
        if before is not None:
            why = f"{policy.keep_days} d"
            await self._delete_old(before, Use.EXPIRED, why, lambda: True)
        before = rules.expires(now, policy.room_days)
        if before is not None:
            least = policy.free_gb * GIGABYTE
            why = f"< {policy.free_gb} GB"
            await self._delete_old(before, Use.ROOM, why, lambda: self.free_bytes() < least)

    async def _delete_old(
        self, before: datetime, use: Use, why: str, go_on: Callable[[], bool]
    ) -> None:
        while go_on():
            async with self._store.reading() as conn:
                old = await queries.old(conn, before)
            for recording in old:
                if not go_on():
                    return
                await self._delete(recording, "", use, why)
            if not old:
                return

    async def get(self, id: str) -> Recording:
        """One that is there. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        if found is None or found.deleted_at is not None:
            raise NotFound("no-recording", "This recording is not there any more.")
        return found

    async def message(self, raw: str) -> Recording:
        """What a caller said, by the spool's name for it. Raises NotFound."""
        async with self._store.reading() as conn:
            found = (await queries.of_raws(conn, [raw])).get(raw)
        if found is None or found.deleted_at is not None:
            raise NotFound("no-message", "There is no message here.")
        return found

    def path(self, recording: Recording) -> Path:
        """Its file. Raises NotFound: it is missing on the disk."""
        path = (self._directory / recording.file).resolve()
        if not path.is_relative_to(self._directory.resolve()) or not path.is_file():
            log.error("recording's file is missing", id=recording.id)
            raise NotFound("no-recording-file", "The file of this recording is missing.")
        return path

    def sealed(self, recording: Recording) -> bool:
        """Its file is encrypted."""
        return recording.file.endswith(sealed.ENDING)

    async def read(self, path: Path, start: int, stop: int) -> AsyncIterator[bytes]:
        """A sealed recording's sound from one byte to before another. Raises NotFound."""
        parts = sealed.opened(path, self._key, start, stop)
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            yield part

    async def note(self, recording: Recording, user_id: str, use: Use) -> None:
        """Who listened or downloaded."""
        async with self._store.writing() as conn:
            await queries.note(conn, recording.id, user_id, self._clock(), use)

    async def hold(self, id: str, user_id: str, on: bool) -> None:
        """Never deleted by age, or again. Raises NotFound."""
        recording = await self.get(id)
        async with self._store.writing() as conn:
            await queries.hold(conn, id, on)
            use = Use.HELD if on else Use.RELEASED
            await queries.note(conn, recording.id, user_id, self._clock(), use)

    async def delete(self, id: str, user_id: str, why: str) -> str:
        """For ever; the certificate says what was deleted. Raises NotFound, InvalidInput."""
        if not why.strip():
            raise InvalidInput("delete-why", "Write why it is deleted.", field="why")
        recording = await self.get(id)
        if recording.on_hold:
            raise InvalidInput(
                "recording-held", "It is held: release it first, then delete it.", field="why"
            )
        at = await self._delete(recording, user_id, Use.DELETED, why.strip())
        told = f"{recording.id} {recording.sha256} {at} {user_id} {why.strip()}"
        return hashlib.sha256(told.encode()).hexdigest()

    async def mark(self, id: str, at_seconds: float, text: str, user_id: str) -> Marker:
        """A comment at a second. Raises NotFound, InvalidInput."""
        text = text.strip()
        if not text or len(text) > LONGEST_MARKER:
            raise InvalidInput("marker-text", "Write 1 to 500 characters.", field="text")
        recording = await self.get(id)
        at = min(max(0.0, at_seconds), recording.seconds)
        marker = Marker(new_id(), round(at, 1), text, user_id, self._clock())
        async with self._store.writing() as conn:
            await queries.add_marker(conn, id, marker)
        return marker

    async def unmark(self, id: str, marker_id: str) -> None:
        """Take a comment away."""
        async with self._store.writing() as conn:
            await queries.remove_marker(conn, id, marker_id)

    async def set_policy(self, policy: Policy) -> None:
        """From the next call on."""
        async with self._store.writing() as conn:
            await queries.keep_policy(conn, policy)
        self.policy = policy
        self._mirror.soon()

    def recorded(self, call: Call) -> str:
        """`on`, `paused`, `demand` (kept if somebody asks for it), or "" for a call that is not
        recorded (by the rules as they are now)."""
        if not self.possible or call.answered_at is None:
            return ""
        talk = {leg.party.extension for leg in call.legs if leg.answered_at and leg.party.extension}
        mode = self._mode(call.direction, self._queue_of(call.linkedid), talk)
        if mode is Mode.NEVER:
            return ""
        if any(leg.id in self.paused for leg in call.legs):
            return "paused"
        return "demand" if mode is Mode.DEMAND and call.key not in self.wished else "on"

    async def keep(self, agent: Agent, call_key: str) -> CommandResult:
        """All of this call is kept, from its beginning."""
        call = self._live.get(call_key)
        if call is None or not any(leg.talking for leg in call.legs_of(agent.extension)):
            return refused("not-answered", "This call is not answered yet.")
        if not self.recorded(call):
            return refused("not-recorded", "This call is not recorded.")
        async with self._store.writing() as conn:
            for leg in filter(_recorder(call), call.legs):
                await queries.wish(conn, leg.id, self._clock(), agent.id)
        self.wished.add(call.key)
        self._bus.publish(RecordingPaused(self._clock(), call, False))
        return CommandResult(Result.OK)

    async def pause(self, agent: Agent, call_key: str, on: bool) -> CommandResult:
        """Nothing of this call is recorded from now on (card numbers), or again."""
        call = self._live.get(call_key)
        if call is None or not any(leg.talking for leg in call.legs_of(agent.extension)):
            return refused("not-answered", "This call is not answered yet.")
        done = refused("not-recorded", "This call is not recorded.")
        for leg in filter(_recorder(call), call.legs):
            result = await self._switchboard.send(MixMonitorMute(leg.channel, on))
            if not result.ok:
                continue  # of several legs one carries it
            done = result
            async with self._store.writing() as conn:
                if on and leg.id not in self.paused:
                    await queries.pause(conn, leg.id, self._clock(), agent.id)
                elif not on:
                    await queries.resume(conn, leg.id, self._clock())
            (self.paused.add if on else self.paused.discard)(leg.id)
        if done.ok:
            self._bus.publish(RecordingPaused(self._clock(), call, on))
        return done

    async def _delete(self, recording: Recording, by: str, use: Use, why: str) -> str:
        """First the row, then the file: what is left over by a crash, doctor finds."""
        now = self._clock()
        async with self._store.writing() as conn:
            await queries.removed(conn, recording.id, now)
            await queries.note(conn, recording.id, by, now, use, why)
        path = self._directory / recording.file
        await asyncio.to_thread(path.unlink, True)
        self._changed([recording])
        return now.isoformat()

    def _changed(self, recordings: Iterable[Recording]) -> None:
        now = self._clock()
        self._bus.publish(RecordingsChanged(now))
        if any(one.kind is Kind.MESSAGE for one in recordings):
            self._bus.publish(CallbacksChanged(now))

    async def _count(self) -> None:
        async with self._store.reading() as conn:
            week = self._clock() - timedelta(days=7)
            self.suspicious = await queries.suspicious(conn, week)

    def _lives(self, channel: str) -> bool | None:
        if not self._link.up:
            return None
        return any(leg.id == channel for call in self._live.calls() for leg in call.legs)

    def _wanted(self) -> dict[str, str]:
        policy = self.policy
        kinds = {
            "in": policy.any(Direction.IN),
            "out": policy.any(Direction.OUT),
            "internal": policy.any(Direction.INTERNAL),
            "say": policy.say,
        }
        return {kind: "yes" for kind, on in kinds.items() if on and self.possible}

    def _mode_of(self, call: OfCall) -> Mode:
        return self._mode(call.direction, call.queue, call.talked)

    def _mode(self, direction: Direction, queue: str, extensions: Iterable[str]) -> Mode:
        talked = [self._agents.by_extension(extension) for extension in extensions]
        return self.policy.mode(direction, queue, [one.id for one in talked if one is not None])

    def _ended(self, event: CallEnded) -> None:
        self.paused -= {leg.id for leg in event.call.legs}
        self.wished.discard(event.call.key)


def _recorder(call: Call) -> Callable[[Leg], bool]:
    """Which legs may carry the recorder: the customer's; in the house that of who was called."""
    if call.direction is Direction.INTERNAL:
        return lambda leg: leg.talking and not leg.originator
    return lambda leg: leg.talking and bool(leg.trunk)
