"""Real calls through link, tracker and history: rows with the right times, also over a cut link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from lab.office import MAIN_NUMBER, TRUNK, Office
from lab.outside import NO_SUCH_NUMBER, City, plays
from lab.pytest_plugin import ASK_SECONDS, MakePhone
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.app import Daemon, build
from pbxd.calls import queries
from pbxd.calls.model import CallState, Direction, Outcome
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.config import Settings
from pbxd.events import AgentState, PbxInStep
from pbxd.ports import KnownCaller

CALLER = "01012345678"


class Cable:
    """Lies between pbxd and Asterisk, and can be cut."""

    def __init__(self, port: int) -> None:
        self._far = port
        self._writers: list[asyncio.StreamWriter] = []
        self._whole = True
        self.port = 0

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Cable]:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        self.cut()

    def cut(self) -> None:
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def mend(self) -> None:
        self._whole = True

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        self._writers += [writer, far_writer]
        await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


class Nobody:
    async def look_up(self, number: str) -> tuple[KnownCaller, ...]:
        return ()


class Watch:
    """A daemon without a console, on a cable that can be cut."""

    def __init__(self, daemon: Daemon, cable: Cable) -> None:
        self.daemon, self.cable = daemon, cable
        self.repaired: list[int] = []
        daemon.bus.subscribe(PbxInStep, lambda event: self.repaired.append(event.repaired))

    async def up(self) -> None:
        await until(lambda: self.daemon.link.up, "the link is up", 15)

    async def rows(self) -> list[CallRecord]:
        async with self.daemon.store.reading() as conn:
            return list((await queries.log(conn, CallFilter())).rows)

    async def row(self, *, end_known: bool = True) -> CallRecord:
        """The only record, once it is there (and, if asked for, knows its end)."""
        found: list[CallRecord] = []

        async def there() -> bool:
            found[:] = await self.rows()
            return bool(found) and (found[0].end_known or not end_known)

        await until(there, "the record", 10)
        assert len(found) == 1
        return found[0]


@pytest_asyncio.fixture(loop_scope="session")
async def watch(office: Office, tmp_path: Path) -> AsyncIterator[Watch]:
    async with Cable(office.ports.ami).laid() as cable:
        settings = Settings.model_validate(
            {
                "pbx": {
                    "host": "127.0.0.1",
                    "port": cable.port,
                    "user": office.account.user,
                    "secret": office.account.secret,
                    "trunks": (TRUNK,),
                    "cel_file": office.cel_file,
                },
                "agi": {"port": office.ports.agi, "deadline_ms": int(ASK_SECONDS * 1000)},
                "store": {"directory": tmp_path},
            }
        )
        before = office.cel_file.stat().st_size if office.cel_file.exists() else 0
        daemon = await build(settings)
        async with daemon.store.writing() as conn:  # the calls of other tests are not ours
            inode = office.cel_file.stat().st_ino if before else 0
            await queries.set_cursor(conn, str(office.cel_file), inode, before)
        await daemon.start(Nobody())
        made = Watch(daemon, cable)
        try:
            await made.up()
            yield made
        finally:
            await daemon.stop()


def near(one: datetime | None, other: datetime, seconds: float = 0.5) -> bool:
    return one is not None and abs((one - other).total_seconds()) < seconds


async def test_an_answered_call_is_a_row_with_its_times(
    watch: Watch, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    began = datetime.now(UTC)
    call = await city.call(MAIN_NUMBER, CALLER, name="김서준")
    await phone.wait_ringing()
    rang = datetime.now(UTC)
    await phone.answer()
    await call.wait_answered()
    answered = datetime.now(UTC)
    await watch.daemon.in_step.look()
    assert watch.repaired[-1] == 0, "we see what Asterisk sees"
    await call.hang_up()
    ended = datetime.now(UTC)
    row = await watch.row()
    assert (row.direction, row.outcome, row.extension) == (Direction.IN, Outcome.ANSWERED, "101")
    assert (row.number, row.name, row.trunk) == ("+821012345678", "김서준", TRUNK)
    assert row.dialled == MAIN_NUMBER
    assert near(row.started_at, began)
    assert near(row.rang_at, rang)
    assert near(row.answered_at, answered)
    assert near(row.ended_at, ended)
    assert abs(row.talk_seconds - (ended - answered).total_seconds()) < 0.5
    assert watch.daemon.live.calls() == ()


async def test_a_click_to_a_number_that_does_not_exist_failed(
    watch: Watch, city: City, desk_phone: MakePhone
) -> None:
    agent = await watch.daemon.agents.add("김서준", "101", DeviceKind.DESK)
    phone = await desk_phone("101")
    await until(
        lambda: watch.daemon.agents.state(agent.id) is AgentState.AVAILABLE, "the phone is seen"
    )
    result = await watch.daemon.desk.dial(agent.id, NO_SUCH_NUMBER, "click-1")
    assert result.ok
    await phone.wait_ringing()
    await phone.answer()
    row = await watch.row()
    assert (row.direction, row.outcome) == (Direction.OUT, Outcome.FAILED)
    assert (row.clicked, row.extension, row.agent_id) == (True, "101", agent.id)


async def test_an_answer_while_the_link_is_cut_is_seen_when_it_is_back(
    watch: Watch, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await until(lambda: len(watch.daemon.live.of_extension("101")) == 1, "the ring is seen")
    watch.cable.cut()
    await until(lambda: not watch.daemon.link.up, "the cut is noticed")
    await phone.answer()
    await call.wait_answered()
    answered = datetime.now(UTC)
    watch.cable.mend()
    await watch.up()
    await until(
        lambda: [one.state for one in watch.daemon.live.calls()] == [CallState.UP],
        "the call is up",
    )
    await call.hang_up()
    row = await watch.row()
    assert row.outcome is Outcome.ANSWERED
    assert near(row.answered_at, answered), "the event log knows when"


@pytest.mark.parametrize("when", ["ringing", "talking"])
async def test_a_call_that_ended_while_the_link_was_cut_is_no_ghost(
    watch: Watch, city: City, desk_phone: MakePhone, when: str
) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    if when == "talking":
        await phone.answer()
        await call.wait_answered()
    await until(lambda: len(watch.daemon.live.of_extension("101")) == 1, "the call is seen")
    watch.cable.cut()
    await until(lambda: not watch.daemon.link.up, "the cut is noticed")
    await call.hang_up()
    ended = datetime.now(UTC)
    watch.cable.mend()
    await watch.up()
    await until(lambda: watch.daemon.live.calls() == (), "no ghost")
    row = await watch.row()
    assert row.outcome is (Outcome.ANSWERED if when == "talking" else Outcome.ABANDONED)
    assert near(row.ended_at, ended)


async def test_a_call_made_and_ended_while_the_link_was_cut_is_read_back(
    watch: Watch, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    watch.cable.cut()
    await until(lambda: not watch.daemon.link.up, "the cut is noticed")
    await phone.dial(plays(440))
    await phone.wait_established()
    await phone.hang_up()
    await phone.wait_idle()
    watch.cable.mend()
    await watch.up()
    row = await watch.row()
    assert (row.direction, row.outcome) == (Direction.OUT, Outcome.ANSWERED)
    assert (row.extension, row.number) == ("101", "+821000000440")
