"""Away and wrap-up on the real PBX: whom no call reaches, with pbxd and without."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from lab.ami import Ami
from lab.office import MAIN_NUMBER, TRUNK, Office
from lab.outside import City, plays
from lab.pytest_plugin import ASK_SECONDS, MakePhone
from lab.waiting import until
from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.presence import Options
from pbxd.app import Daemon, build
from pbxd.config import Settings
from pbxd.events import AgentState, PresenceKind
from pbxd.ports import KnownCaller
from pbxd.presence import queries
from pbxd.presence.mirror import FAMILY
from pbxd.store.metadata import new_id
from tests.watching import watching

CUSTOMER = "01012345678"


class Nobody:
    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        return ()


@asynccontextmanager
async def daemon_on(office: Office, folder: Path) -> AsyncIterator[Daemon]:
    """A daemon whose log-in and alignment are behind it."""
    pbx = {
        "host": "127.0.0.1",
        "port": office.ports.ami,
        "user": office.account.user,
        "secret": office.account.secret,
        "trunks": (TRUNK,),
        "media_address": "127.0.0.1",
    }
    values = {
        "pbx": pbx,
        "agi": {"port": office.ports.agi, "deadline_ms": int(ASK_SECONDS * 1000)},
        "store": {"directory": folder},
    }
    daemon = await build(Settings.model_validate(values))
    await daemon.start(Nobody())
    try:
        await until(lambda: daemon.link.up, "the link is up", 15)
        with watching(office, daemon):
            yield daemon
    finally:
        await daemon.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def ami(office: Office) -> AsyncIterator[Ami]:
    """Asterisk's own view; what a test leaves in the mirror goes."""
    link = await office.ami()
    yield link
    link.close()
    link = await office.ami()  # another one: Asterisk may have been restarted meanwhile
    for extension in ("101", "102", "199"):
        if await says(office, extension):
            await link.action("DBDel", Family=FAMILY, Key=extension)
    link.close()


@pytest_asyncio.fixture(loop_scope="session")
async def daemon(office: Office, ami: Ami, tmp_path: Path) -> AsyncIterator[Daemon]:
    async with daemon_on(office, tmp_path) as running:
        yield running


async def says(office: Office, extension: str) -> str:
    """The mirror's word for an extension, as Asterisk has it."""
    shown = await office.cli(f"database get {FAMILY} {extension}")
    return shown.removeprefix("Value: ").strip() if shown.startswith("Value: ") else ""


async def agent(daemon: Daemon, extension: str) -> Agent:
    return await daemon.agents.add(f"상담원{extension}", extension, DeviceKind.DESK)


def reason(daemon: Daemon, word: str) -> str:
    return next(one.id for one in daemon.presence.reasons() if one.word == word)


async def test_no_call_reaches_who_is_away_and_calls_come_again(
    daemon: Daemon, office: Office, city: City, desk_phone: MakePhone
) -> None:
    one, two = await desk_phone("101"), await desk_phone("102")
    mine = await agent(daemon, "101")
    assert await daemon.presence.away(mine.id, reason(daemon, "meal"))
    assert await says(office, "101") == "meal"
    assert daemon.agents.state(mine.id) is AgentState.AWAY
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await two.wait_ringing()
    assert not one.calls
    await call.hang_up()
    await two.wait_idle()
    assert await daemon.presence.back(mine.id)
    assert await says(office, "101") == ""
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    await call.hang_up()
    await one.wait_idle()
    await two.wait_idle()


async def test_a_colleague_hears_busy_and_the_own_calls_go_out(
    daemon: Daemon, city: City, desk_phone: MakePhone
) -> None:
    one, two = await desk_phone("101", 660), await desk_phone("102")
    mine = await agent(daemon, "101")
    await daemon.presence.away(mine.id, reason(daemon, "meeting"))
    await two.dial("101")
    await until(lambda: "486" in two.last_reason, "busy")
    assert not one.calls
    before = len(city.shown_at(plays(880)))
    await one.dial(plays(880))
    await until(lambda: len(city.shown_at(plays(880))) > before, "the own call goes out")
    await one.hang_up()
    await one.wait_idle()


async def test_it_holds_when_pbxd_is_gone_and_the_store_wins_when_it_is_back(
    office: Office, ami: Ami, city: City, desk_phone: MakePhone, tmp_path: Path
) -> None:
    one, two = await desk_phone("101"), await desk_phone("102")
    async with daemon_on(office, tmp_path) as first:
        mine, other = await agent(first, "101"), await agent(first, "102")
        await first.presence.away(mine.id, reason(first, "break"))
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await two.wait_ringing()
    assert not one.calls
    await call.hang_up()
    await two.wait_idle()
    # somebody meddles meanwhile
    await ami.action("DBDel", Family=FAMILY, Key="101")
    await ami.action("DBPut", Family=FAMILY, Key="102", Val="meal")
    await ami.action("DBPut", Family=FAMILY, Key="199", Val="meal")
    async with daemon_on(office, tmp_path) as second:
        presence = second.presence.of(mine.id)
        assert (presence.kind, presence.word) == (PresenceKind.AWAY, "break")
        assert second.agents.state(mine.id) is AgentState.AWAY
        assert second.presence.of(other.id).reachable

        async def equal() -> bool:
            found = [await says(office, extension) for extension in ("101", "102", "199")]
            return found == ["break", "", ""]

        await until(equal, "Asterisk says what the store says")
        await second.presence.back(mine.id)


async def test_asterisk_killed_and_started_knows_it_still(
    daemon: Daemon, office: Office, city: City, desk_phone: MakePhone
) -> None:
    mine = await agent(daemon, "101")
    await daemon.presence.away(mine.id, reason(daemon, "training"))
    await office.kill()
    await until(lambda: not daemon.link.up, "the link is lost", 15)
    await office.start()
    await until(lambda: daemon.link.up, "the link is back", 30)

    async def known() -> bool:
        return await says(office, "101") == "training"

    await until(known, "Asterisk says it")
    one, two = await desk_phone("101"), await desk_phone("102")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await two.wait_ringing()
    assert not one.calls
    await call.hang_up()
    await two.wait_idle()


async def test_a_wrap_up_follows_a_conversation_and_ends_early(
    daemon: Daemon, office: Office, city: City, desk_phone: MakePhone
) -> None:
    one, two = await desk_phone("101"), await desk_phone("102")
    mine = await agent(daemon, "101")
    await set_options(daemon, Options(wrap_up_seconds=300))
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    await one.answer()
    await call.wait_answered()
    await until(lambda: daemon.agents.state(mine.id) is AgentState.ON_CALL, "on call")
    await one.hang_up()
    await until(lambda: daemon.presence.of(mine.id).kind is PresenceKind.WRAP_UP, "wrap-up")
    await until(lambda: daemon.agents.state(mine.id) is AgentState.WRAP_UP, "seen as wrap-up")
    await two.wait_idle()

    async def mirrored() -> bool:
        return (await says(office, "101")).startswith("wrap_up:")

    await until(mirrored, "Asterisk knows")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await two.wait_ringing()
    assert not one.calls
    await call.hang_up()
    await two.wait_idle()
    await daemon.presence.back(mine.id)
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    await call.hang_up()
    await one.wait_idle()
    await two.wait_idle()


async def test_what_comes_back_to_an_agent_comes_also_in_the_wrap_up(
    daemon: Daemon, city: City, desk_phone: MakePhone
) -> None:
    """A transfer that nobody takes; and one to a colleague who is away, which is refused."""
    one = await desk_phone("101")
    mine, other = await agent(daemon, "101"), await agent(daemon, "102")
    await set_options(daemon, Options(wrap_up_seconds=300))
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    await one.answer()
    await call.wait_answered()
    await until(lambda: daemon.agents.state(mine.id) is AgentState.ON_CALL, "on call")
    key = daemon.live.calls()[0].key
    two = await desk_phone("102")
    await until(lambda: daemon.agents.state(other.id) is AgentState.AVAILABLE, "102 is there")
    await daemon.presence.away(other.id, reason(daemon, "meal"))
    refused = await daemon.desk.transfer(mine.id, key, new_id(), "102")
    assert (refused.ok, refused.reason_id) == (False, "colleague-away")
    await daemon.presence.back(other.id)
    assert (await daemon.desk.transfer(mine.id, key, new_id(), "102")).ok
    await two.wait_ringing()
    await until(lambda: daemon.presence.of(mine.id).kind is PresenceKind.WRAP_UP, "wrap-up")
    await one.wait_idle()
    await two.hang_up()
    await one.wait_ringing()
    await one.answer()
    await until(lambda: daemon.agents.state(mine.id) is AgentState.ON_CALL, "on call again")
    assert call.state == "answered"
    await call.hang_up()
    await one.wait_idle()


@pytest.mark.parametrize(("seconds", "rings"), [(-2, True), (120, False)])
async def test_a_wrap_up_ends_by_itself_without_pbxd(
    seconds: int, rings: bool, ami: Ami, city: City, desk_phone: MakePhone
) -> None:
    one, two = await desk_phone("101"), await desk_phone("102")
    value = f"wrap_up:{int(time.time()) + seconds}"
    await ami.action("DBPut", Family=FAMILY, Key="101", Val=value)
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await two.wait_ringing()
    if rings:
        await one.wait_ringing()
    assert bool(one.calls) is rings
    await call.hang_up()
    await one.wait_idle()
    await two.wait_idle()


async def test_off_line_is_something_else(
    daemon: Daemon, city: City, desk_phone: MakePhone
) -> None:
    """접속관리: the phone rings as before and nothing is written anywhere; no wrap-up either."""
    one = await desk_phone("101")
    mine = await agent(daemon, "101")
    await set_options(daemon, Options(wrap_up_seconds=300))
    await daemon.agents.set_linked(mine.id, False)
    await until(lambda: daemon.agents.state(mine.id) is AgentState.AVAILABLE, "phone seen")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    await one.answer()
    await call.wait_answered()
    await call.hang_up()
    await one.wait_idle()
    await until(lambda: not daemon.live.calls(), "the call is over")
    await daemon.supervisor.once("after all that was begun", daemon.presence.align())
    assert daemon.presence.of(mine.id).reachable


async def set_options(daemon: Daemon, options: Options) -> None:
    async with daemon.store.writing() as conn:
        await queries.keep_options(conn, options)
    await daemon.presence.load_settings()
