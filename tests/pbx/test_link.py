"""The link on a real Asterisk: log-in, refusals, restarts; each state says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from pbxd.ami import actions
from pbxd.ami.events import AmiEvent, Hangup, Newchannel
from pbxd.ami.link import Link
from pbxd.ami.reply import Ending
from pbxd.bus import Bus
from pbxd.config import PbxSettings
from pbxd.events import LinkState, PbxLinkChanged
from pbxd.tasks import Supervisor


class Watched:
    """A link under a supervisor, with everything it said."""

    def __init__(self, office: Office, **changes: object) -> None:
        settings = {
            "host": "127.0.0.1",
            "port": office.ports.ami,
            "user": office.account.user,
            "secret": office.account.secret,
        }
        self.bus = Bus()
        self.states: list[PbxLinkChanged] = []
        self.events: list[AmiEvent] = []
        self.resyncs = 0
        self._changed = asyncio.Event()
        self.bus.subscribe(PbxLinkChanged, self._say)
        self.link = Link(
            PbxSettings(**(settings | changes)),  # type: ignore[arg-type]
            self.bus,
            lambda: datetime.now(UTC),
            self._handle,
            self._resync,
        )
        self.supervisor = Supervisor()
        self.supervisor.service("link", self.link.run)

    def _say(self, event: PbxLinkChanged) -> None:
        self.states.append(event)
        self._changed.set()

    def _handle(self, event: AmiEvent) -> None:
        self.events.append(event)
        self._changed.set()

    async def _resync(self) -> None:
        assert (await self.link.send(actions.CoreShowChannels())).ok
        self.resyncs += 1

    async def until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    async def until_down(self, reason_id: str) -> PbxLinkChanged:
        await self.until(lambda: any(state.reason_id == reason_id for state in self.states))
        found = next(state for state in self.states if state.reason_id == reason_id)
        assert found.state is LinkState.DOWN
        assert found.next_attempt_at is not None
        assert found.reason.format(**found.details)
        return found


@pytest.fixture
async def watch(office: Office):  # type: ignore[no-untyped-def]
    made: list[Watched] = []

    def make(**changes: object) -> Watched:
        made.append(Watched(office, **changes))
        return made[-1]

    yield make
    for watched in made:
        await watched.supervisor.stop()


async def test_it_logs_in_resyncs_and_hears_a_call(watch, city: City) -> None:  # type: ignore[no-untyped-def]
    watched = watch()
    await watched.until(lambda: watched.link.up)
    assert watched.resyncs == 1
    call = await city.call(MAIN_NUMBER, "01012345678", name="김서준")
    await watched.until(lambda: any(isinstance(e, Newchannel) for e in watched.events))
    new = next(e for e in watched.events if isinstance(e, Newchannel))
    assert (new.channel.caller_number, new.channel.caller_name) == ("01012345678", "김서준")
    assert abs((datetime.now(UTC) - new.at).total_seconds()) < 5
    await call.hang_up()
    await watched.until(lambda: any(isinstance(e, Hangup) for e in watched.events))


async def test_a_wrong_secret_is_said_so(watch) -> None:  # type: ignore[no-untyped-def]
    state = await watch(secret="wrong").until_down("login_refused")
    assert state.details["user"] == "pbxd"


async def test_a_wrong_port_is_said_so(watch, office: Office) -> None:  # type: ignore[no-untyped-def]
    await watch(port=1).until_down("nobody_there")
    await watch(port=office.ports.ws).until_down("not_ami")


async def test_a_missing_privilege_is_named(watch, office: Office) -> None:  # type: ignore[no-untyped-def]
    file = office.folder / "etc" / "manager.conf"
    before = file.read_text("utf-8")
    file.write_text(
        before
        + "\n[poor]\nsecret = poor\nread = system,call\nwrite = call\n"
        + "permit = 127.0.0.1/255.255.255.255\n",
        "utf-8",
    )
    await office.cli("manager reload")
    try:
        state = await watch(user="poor", secret="poor").until_down("missing_privilege")
        assert state.details["privileges"] == "originate, reporting, system"
    finally:
        file.write_text(before, "utf-8")
        await office.cli("manager reload")


async def test_asterisk_restarting_or_killed_is_seen_and_the_link_comes_back(watch, office) -> None:  # type: ignore[no-untyped-def]
    watched = watch()
    await watched.until(lambda: watched.link.up)
    await office.restart()
    await watched.until(lambda: watched.resyncs == 2 and watched.link.up, 20)
    assert {s.reason_id for s in watched.states} & {"stopping", "restarting", "closed"}
    await office.kill()
    await watched.until_down("nobody_there")
    assert (await watched.link.send(actions.Ping())).ending is Ending.LINK_LOST
    await office.start()
    await watched.until(lambda: watched.link.up, 40)
