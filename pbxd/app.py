"""The composition root: what starts, in which order, and how it stops.

The only place that knows everything. READY means: the store is open and the console listens;
Asterisk may be away (the console says so).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from pbxd.abuse.service import Abuse
from pbxd.agents.phones import BrowserPhones
from pbxd.agents.service import Agents
from pbxd.agi.server import AgiServer
from pbxd.ami.alive import Alive
from pbxd.ami.events import AmiEvent
from pbxd.ami.link import Link
from pbxd.announcements.service import Announcements
from pbxd.backup.service import Backups
from pbxd.blacklist.service import Blacklist
from pbxd.bus import Bus
from pbxd.callbacks.service import Callbacks
from pbxd.callers.hook import CallerName
from pbxd.callers.numbers import NumberPlan
from pbxd.callers.route import FAMILY as LINE_FAMILY
from pbxd.callers.route import LineRoute, keep_rule
from pbxd.calls.catchup import CatchUp
from pbxd.calls.history import History
from pbxd.calls.in_step import InStep
from pbxd.calls.live import LiveCalls
from pbxd.calls.parties import Endpoints
from pbxd.codes.service import Codes
from pbxd.config import Settings
from pbxd.desk.service import Desk
from pbxd.desk.switchboard import Switchboard
from pbxd.events import CallEnded, LinkState, PbxLinkChanged
from pbxd.forwarding.service import FAMILY as FORWARD_FAMILY
from pbxd.forwarding.service import Forwardings
from pbxd.hours.service import FAMILY as HOURS_FAMILY
from pbxd.hours.service import Hours
from pbxd.outgoing.service import FAMILY as OUTGOING_FAMILY
from pbxd.outgoing.service import Outgoing
from pbxd.phonebook.service import Phonebook
from pbxd.ports import CallerDirectory, Clock
from pbxd.presence.mirror import Mirror
from pbxd.presence.service import Presences
from pbxd.presence.watch import Watch
from pbxd.queues.hook import QueueRoute
from pbxd.queues.service import Queues
from pbxd.recordings.sealed import read_key
from pbxd.recordings.service import Recordings
from pbxd.scheduled.service import ScheduledCalls
from pbxd.store.backup import carry_out
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.store.migrate import migrate
from pbxd.supervise.service import Supervision
from pbxd.talk_limit.service import TalkLimits
from pbxd.tasks import Stage, Supervisor

log = structlog.get_logger(__name__)

DATABASE = "pbxd.sqlite3"


def utc_now() -> datetime:
    """The clock of a running daemon."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Daemon:
    """The parts of a running daemon."""

    settings: Settings
    clock: Clock
    bus: Bus
    supervisor: Supervisor
    store: Store
    plan: NumberPlan
    agents: Agents
    live: LiveCalls
    history: History
    link: Link
    in_step: InStep
    desk: Desk
    phones: BrowserPhones
    presence: Presences
    abuse: Abuse
    supervision: Supervision
    scheduled: ScheduledCalls
    forwardings: Forwardings
    queues: Queues
    limits: TalkLimits
    announcements: Announcements
    blacklist: Blacklist
    hours: Hours
    callbacks: Callbacks
    recordings: Recordings
    phonebook: Phonebook
    outgoing: Outgoing
    backups: Backups

    async def start(self, directory: CallerDirectory) -> None:
        """Start everything but the console; `directory` is the CRM's knowledge of callers."""
        await self.agents.load()
        await self.presence.load()
        await self.abuse.load()
        await self.forwardings.load()
        await self.queues.load()
        await self.limits.load()
        await self.announcements.load()
        await self.blacklist.load()
        await self.hours.load()
        await self.callbacks.load()
        await self.recordings.load()
        await self.phonebook.load()
        await self.outgoing.load()
        await self.backups.load()
        self.limits.is_vip = _vip(directory, self.plan)
        self.supervisor.service("presence", self.presence.run)
        self.supervisor.service("talk limits", self.limits.run)
        self.supervisor.service("opening hours", self.hours.run)
        self.supervisor.service("callbacks", self.callbacks.run)
        self.supervisor.service("recordings", self.recordings.run, finish=self.recordings.close)
        self.supervisor.service("scheduled calls", self.scheduled.run)
        self.supervisor.service("backups", self.backups.run)
        self.supervisor.service(
            "history", self.history.run, stage=Stage.DRAIN, finish=self.history.drain
        )
        if self.settings.pbx.host:
            await self._start_pbx(directory)
        else:
            self.bus.publish(PbxLinkChanged(self.clock(), LinkState.UNCONFIGURED))

    async def _start_pbx(self, directory: CallerDirectory) -> None:
        agi = AgiServer(
            self.settings.agi.host,
            self.settings.agi.port,
            {
                "/caller-name": CallerName(directory, self.plan),
                "/queue-route": QueueRoute(
                    self.queues, self.agents, self.live, self.store, self.plan, self.clock
                ),
                "/line-route": LineRoute(
                    directory, self.agents, self.store, self.plan, self.clock, self.settings.desk
                ),
            },
            self.settings.agi.deadline_ms / 1000,
        )
        await agi.start()
        self.supervisor.service("agi", agi.run, stage=Stage.ACCEPT, finish=agi.close)
        self.supervisor.service("link", self.link.run)
        self.supervisor.service("in step", self.in_step.run)
        self.supervisor.service("alive", Alive(self.link, self.clock).run)
        if (file := self.settings.pbx.cel_file) is not None:
            catch_up = CatchUp(
                file,
                self.store,
                self.history,
                self.live,
                _endpoints(self.settings),
                self.plan.normalise,
                new_id,
                self.clock,
                directory,
            )
            self._keep_caught_up(catch_up)

    def _keep_caught_up(self, catch_up: CatchUp) -> None:
        """After each log-in, and after each call that we did not see whole."""

        async def run() -> None:
            await self.history.drain()  # what we saw ourselves is written first
            await catch_up.run()

        def on_link(event: PbxLinkChanged) -> None:
            if event.state is LinkState.UP:
                self.supervisor.once("catch up", run())

        def on_end(event: CallEnded) -> None:
            if not event.call.end_known and self.link.up:
                self.supervisor.once("catch up", run())

        self.bus.subscribe(PbxLinkChanged, on_link)
        self.bus.subscribe(CallEnded, on_end)

    async def stop(self) -> None:
        """Stop in stages, within five seconds; the store is closed last."""
        await self.supervisor.stop()
        await self.store.close()


async def restore_if_asked(settings: Settings) -> None:
    """Before `build`, by who alone runs on the directory: other commands build beside a daemon."""
    directory = settings.store.directory
    if aside := await asyncio.to_thread(carry_out, directory, directory / DATABASE):
        log.warning("a backup was restored", what_was_there=aside)


async def build(settings: Settings, clock: Clock = utc_now) -> Daemon:
    """Open the store and put the parts together; nothing runs yet."""
    file = settings.store.directory / DATABASE
    await migrate(file, keep_backups=settings.store.keep_backups)
    store = await Store.open(file)
    bus = Bus()
    supervisor = Supervisor()
    plan = NumberPlan(settings.office.country, settings.office.area_code)
    agents = Agents(store, bus, clock)
    live = LiveCalls(_endpoints(settings), new_id, bus)
    history = History(store, bus, agents, plan.normalise, clock)
    in_step = InStep(live, agents, bus, clock)

    def handle(event: AmiEvent) -> None:
        live.apply(event)
        agents.apply(event)
        switchboard.apply(event)
        supervision.apply(event)
        queues.callers.apply(event)
        codes.apply(event)
        callbacks.apply(event)

    link = Link(settings.pbx, bus, clock, handle, in_step.after_log_in)
    in_step.link = link
    switchboard = Switchboard(link, live, bus, settings.pbx)
    outgoing = Outgoing(
        store, bus, agents, plan, Mirror(link, OUTGOING_FAMILY), supervisor, settings
    )
    may = outgoing.check
    desk = Desk(switchboard, live, agents, plan, may, store, bus, supervisor, clock, settings.desk)
    phones = BrowserPhones(link, agents, settings.pbx, settings.office)
    mirror = Mirror(link)
    presence = Presences(store, bus, agents, mirror, clock)
    Watch(bus, live, agents, presence, mirror, supervisor)
    abuse = Abuse(switchboard, live, store, bus, supervisor, clock, plan.normalise)
    supervision = Supervision(switchboard, live, agents, bus, supervisor, clock, settings.pbx)
    scheduled = ScheduledCalls(
        desk, store, bus, agents, plan, may, supervisor, clock, settings.scheduled
    )
    forwardings = Forwardings(
        store, bus, agents, plan, may, Mirror(link, FORWARD_FAMILY), supervisor, clock
    )
    queues = Queues(link, store, bus, agents, plan, may, supervisor, clock, settings.office.zone)
    limits = TalkLimits(switchboard, live, store, bus, supervisor, clock)
    if settings.desk.pick_up == "queue":
        desk.picking_up.mates = queues.mates
    blacklist = Blacklist(link, store, bus, plan, supervisor, clock)
    abuse.refuse = blacklist.refuse
    limits.queue_of = queues.callers.queue_of

    keep_rule(Mirror(link, LINE_FAMILY), settings.desk, bus, supervisor)
    callbacks = Callbacks(link, desk, live, store, bus, plan, supervisor, clock)
    codes = Codes(
        desk,
        live,
        agents,
        abuse,
        limits,
        presence,
        queues,
        _endpoints(settings),
        bus,
        supervisor,
        clock,
    )
    return Daemon(
        settings,
        clock,
        bus,
        supervisor,
        store,
        plan,
        agents,
        live,
        history,
        link,
        in_step,
        desk,
        phones,
        presence,
        abuse,
        supervision,
        scheduled,
        forwardings,
        queues,
        limits,
        Announcements(store, clock, settings.pbx.sounds),
        blacklist,
        Hours(
            Mirror(link, HOURS_FAMILY),
            store,
            bus,
            plan,
            supervisor,
            clock,
            settings.office.zone,
            settings.office.country,
        ),
        callbacks,
        Recordings(
            link,
            switchboard,
            live,
            store,
            bus,
            supervisor,
            clock,
            agents,
            queues.callers.queue_of,
            settings.pbx.spool,
            settings.store.directory / "recordings",
            read_key(settings.store.recordings_key),
        ),
        Phonebook(link, store, bus, plan, agents, supervisor, clock),
        outgoing,
        Backups(store, settings.store.directory, bus, clock, settings.office.zone),
    )


def _vip(directory: CallerDirectory, plan: NumberPlan) -> Callable[[str], Awaitable[bool]]:
    async def is_vip(number: str) -> bool:
        return any(known.vip for known in await directory.look_up(plan.normalise(number)))

    return is_vip


def _endpoints(settings: Settings) -> Endpoints:
    return Endpoints(settings.pbx.extension_pattern, settings.pbx.trunks)
