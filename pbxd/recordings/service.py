"""Recordings: what is recorded, taking it in, keeping and deleting it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import structlog

from pbxd.agents.model import Agent
from pbxd.ami.more_actions import MixMonitorMute
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, Direction, Leg
from pbxd.desk.result import CommandResult, refused
from pbxd.desk.switchboard import Switchboard
from pbxd.errors import InvalidInput, NotFound
from pbxd.events import CallEnded, LinkState, PbxLinkChanged, RecordingPaused, RecordingsChanged
from pbxd.ports import Clock
from pbxd.presence.mirror import Mirror, Sender
from pbxd.recordings import queries, rules
from pbxd.recordings.ingest import Ingest
from pbxd.recordings.model import Marker, Policy, Recording, Use
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
        spool: Path | None,
        directory: Path,
    ) -> None:
        self._link = link
        self._switchboard = switchboard
        self._live = live
        self._store = store
        self._bus = bus
        self._supervisor = supervisor
        self._clock = clock
        self._directory = directory
        self.policy = Policy()
        self.suspicious = 0  # in the last seven days
        self.paused: set[str] = set()  # channels (uniqueids)
        self._ingest = (
            None
            if spool is None
            else Ingest(spool, directory, store, clock, self._lives, lambda: self.policy.codec)
        )
        self._mirror = Mirror(link, FAMILY)
        self._mirror.wanted = self._wanted
        bus.subscribe(PbxLinkChanged, self._linked)
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
        if made or troubled != self._ingest.no_space:
            await self._count()
            self._bus.publish(RecordingsChanged(self._clock()))

    async def tidy(self) -> None:
        """Delete what has been kept long enough."""
        before = rules.expires(self._clock(), self.policy.keep_days)
        while before is not None:
            async with self._store.reading() as conn:
                old = await queries.old(conn, before)
            for recording in old:
                await self._delete(recording, "", Use.EXPIRED, f"{self.policy.keep_days} d")
            if not old:
                break

    async def get(self, id: str) -> Recording:
        """One that is there. Raises NotFound."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        if found is None or found.deleted_at is not None:
            raise NotFound("no-recording", "This recording is not there any more.")
        return found

    def path(self, recording: Recording) -> Path:
        """Its file. Raises NotFound: it is missing on the disk."""
        path = (self._directory / recording.file).resolve()
        if not path.is_relative_to(self._directory.resolve()) or not path.is_file():
            log.error("recording's file is missing", id=recording.id)
            raise NotFound("no-recording-file", "The file of this recording is missing.")
        return path

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
        if self._mirror.up:
            self._supervisor.once("recording rules", self._mirror.align())

    def recorded(self, call: Call) -> str:
        """`on`, `paused`, or "" for a call that is not recorded (by the rules as they are now)."""
        kinds = {Direction.IN: self.policy.incoming, Direction.OUT: self.policy.outgoing}
        if not self.possible or not kinds.get(call.direction) or call.answered_at is None:
            return ""
        return "paused" if any(leg.id in self.paused for leg in call.legs) else "on"

    async def pause(self, agent: Agent, call_key: str, on: bool) -> CommandResult:
        """Nothing of this call is recorded from now on (card numbers), or again."""
        call = self._live.get(call_key)
        if call is None or not any(leg.talking for leg in call.legs_of(agent.extension)):
            return refused("not-answered", "This call is not answered yet.")
        result = refused("not-recorded", "This call is not recorded.")
        for leg in filter(_recorded, call.legs):
            result = await self._switchboard.send(MixMonitorMute(leg.channel, on))
            if not result.ok:
                return refused("not-recorded", "This call is not recorded.")
            async with self._store.writing() as conn:
                if on and leg.id not in self.paused:
                    await queries.pause(conn, leg.id, self._clock(), agent.id)
                elif not on:
                    await queries.resume(conn, leg.id, self._clock())
            (self.paused.add if on else self.paused.discard)(leg.id)
        if result.ok:
            self._bus.publish(RecordingPaused(self._clock(), call, on))
        return result

    async def _delete(self, recording: Recording, by: str, use: Use, why: str) -> str:
        """First the row, then the file: what is left over by a crash, doctor finds."""
        now = self._clock()
        async with self._store.writing() as conn:
            await queries.removed(conn, recording.id, now)
            await queries.note(conn, recording.id, by, now, use, why)
        path = self._directory / recording.file
        await asyncio.to_thread(path.unlink, True)
        self._bus.publish(RecordingsChanged(now))
        return now.isoformat()

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
        kinds = {"in": policy.incoming, "out": policy.outgoing, "say": policy.say}
        return {kind: "yes" for kind, on in kinds.items() if on and self.possible}

    def _linked(self, event: PbxLinkChanged) -> None:
        if event.state is LinkState.UP:
            self._supervisor.once("recording rules in step", self._mirror.align())

    def _ended(self, event: CallEnded) -> None:
        self.paused -= {leg.id for leg in event.call.legs}


def _recorded(leg: Leg) -> bool:
    """The outside party's leg carries the recorder."""
    return bool(leg.trunk) and leg.talking
