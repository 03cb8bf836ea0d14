"""Plays every scenario on the real lab and keeps what Asterisk said.

Run: `python -m tests.record_corpus [SCENE …]`.

Each scenario becomes two files in tests/unit/calls/corpus: NAME.ami (the manager's bytes after the
log-in, as pbxd's account sees them) and NAME.cel (the event log's lines). What the record must say
stands in expected.toml, written by hand. Run by hand after a change of the dialplan or of Asterisk.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from lab.office import MAIN_NUMBER, OfficeSettings
from lab.outside import BUSY, NEVER_ANSWERS, NO_SUCH_NUMBER, plays
from lab.phone import DeskPhone
from lab.ports import free_ports
from lab.town import Town
from lab.waiting import until
from pbxd.ami.actions import Originate
from pbxd.ami.wire import encode

CORPUS = Path(__file__).parent / "unit" / "calls" / "corpus"
CALLER = "01012345678"


class Recorder:
    """Keeps the bytes of one AMI connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.kept = b""

    async def run(self) -> None:
        while data := await self._reader.read(65536):
            self.kept += data

    def send(self, **fields: str | tuple[str, ...]) -> None:
        self._writer.write(encode(fields))

    async def seen(self, what: bytes, times: int = 1) -> None:
        async def there() -> bool:
            return self.kept.count(what) >= times

        await until(there, what.decode(), 15)


Scene = Callable[[Town, Recorder], Awaitable[None]]


@asynccontextmanager
async def phones(town: Town, *extensions: str) -> AsyncIterator[list[DeskPhone]]:
    made = [town.desk_phone(extension) for extension in extensions]
    for phone in made:
        await phone.start()
    try:
        yield made
    finally:
        for phone in made:
            await phone.stop()
            phone.clean()
            town.phones.remove(phone)


async def inbound_answered(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        call = await town.city.call(MAIN_NUMBER, CALLER, name="김서준", audio=440)
        await phone.wait_ringing()
        await phone.answer()
        await call.wait_answered()
        await asyncio.sleep(1)
        await call.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def inbound_unanswered(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        await town.city.call(MAIN_NUMBER, CALLER)
        await phone.wait_ringing()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def inbound_busy(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        await town.city.call(MAIN_NUMBER, CALLER)
        await phone.wait_ringing()
        await phone.refuse()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def inbound_abandoned(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        call = await town.city.call(MAIN_NUMBER, CALLER)
        await phone.wait_ringing()
        await asyncio.sleep(0.5)
        await call.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def inbound_several_phones(town: Town, ami: Recorder) -> None:
    async with phones(town, "101", "102", "103") as made:
        call = await town.city.call(MAIN_NUMBER, CALLER)
        for phone in made:
            await phone.wait_ringing()
        await made[1].answer()
        await call.wait_answered()
        await asyncio.sleep(0.5)
        await made[1].hang_up()
        await ami.seen(b"Event: Hangup\r\n", 4)


async def inbound_withheld(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        call = await town.city.call(MAIN_NUMBER, None)
        await phone.wait_ringing()
        await phone.answer()
        await call.wait_answered()
        await call.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def outbound_by_phone(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        await phone.dial(plays(440))
        await phone.wait_established()
        await asyncio.sleep(1)
        await phone.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def internal(town: Town, ami: Recorder) -> None:
    async with phones(town, "101", "102") as (caller, callee):
        await caller.dial("102")
        await callee.wait_ringing()
        await callee.answer()
        await caller.wait_established()
        await asyncio.sleep(0.5)
        await callee.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def internal_offline(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        await phone.dial("105")
        await ami.seen(b"Event: Hangup\r\n", 1)


async def two_calls_on_one_phone(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        first = await town.city.call(MAIN_NUMBER, CALLER)
        await phone.wait_ringing()
        await phone.answer()
        await first.wait_answered()
        second = await town.city.call(MAIN_NUMBER, "0212345678")
        await second.wait_ringing()
        await asyncio.sleep(0.5)
        await second.hang_up()
        await first.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 4)


async def held_and_resumed(town: Town, ami: Recorder) -> None:
    async with phones(town, "101") as (phone,):
        call = await town.city.call(MAIN_NUMBER, CALLER)
        await phone.wait_ringing()
        await phone.answer()
        await call.wait_answered()
        await phone.hold()
        await ami.seen(b"Event: Hold\r\n")
        await asyncio.sleep(1)
        await phone.resume()
        await ami.seen(b"Event: Unhold\r\n")
        await call.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2)


async def blind_transfer_by_phone(town: Town, ami: Recorder) -> None:
    async with phones(town, "101", "102") as (first, second):
        call = await town.city.call(MAIN_NUMBER, CALLER)
        await first.wait_ringing()
        await first.answer()
        await call.wait_answered()
        await first._command("transfer", "102")
        await second.wait_ringing()
        await second.answer()
        await second.wait_established()
        await asyncio.sleep(0.5)
        await call.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 3)


async def two_calls_joined(town: Town, ami: Recorder) -> None:
    """101 talks with one customer and 102 with another; then the two customers are joined."""
    async with phones(town, "101", "102") as (first, second):
        call = await town.city.call(MAIN_NUMBER, CALLER)
        await first.wait_ringing()
        await first.answer()
        await call.wait_answered()
        await second.wait_idle()
        await second.dial(plays(440))
        await second.wait_established()
        lab = await town.office.ami()
        try:
            trunks = [name for name in await town.office.channels() if "/city-" in name]
            await lab.action("Bridge", Channel1=trunks[0], Channel2=trunks[1], Tone="no")
        finally:
            lab.close()
        await first.wait_idle()
        await second.wait_idle()
        await asyncio.sleep(0.5)
        await call.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 4)


def _click(ami: Recorder, number: str, id: str) -> None:
    action = Originate(
        channel="PJSIP/101",
        channel_id=id,
        context="pbxd-click",
        exten=number,
        caller_id=f"<{number}>",
        timeout_s=3,
        account="101",
        variables=(("PJSIP_HEADER(add,X-Pbxd-Leg)", id),),
    )
    ami.send(Action="Originate", ActionID=f"click-{id}", **action.fields())


async def _clicked(town: Town, ami: Recorder, number: str, id: str, pick_up: bool) -> None:
    async with phones(town, "101") as (phone,):
        _click(ami, number, id)
        await phone.wait_ringing()
        if pick_up:
            await phone.answer()
            if number == plays(440):
                await ami.seen(b"DialStatus: ANSWER", 1)
                await asyncio.sleep(1)
                await phone.hang_up()
            elif number == NEVER_ANSWERS:
                await ami.seen(b"DialStatus: RINGING", 1)
                await asyncio.sleep(1)
                await phone.hang_up()
        await ami.seen(b"Event: Hangup\r\n", 2 if pick_up else 1)


async def click_answered(town: Town, ami: Recorder) -> None:
    await _clicked(town, ami, plays(440), "pbxd-01K0CLICKANSWERED000000000", pick_up=True)


async def click_not_picked_up(town: Town, ami: Recorder) -> None:
    await _clicked(town, ami, plays(440), "pbxd-01K0CLICKNOTPICKEDUP000000", pick_up=False)


async def click_customer_busy(town: Town, ami: Recorder) -> None:
    await _clicked(town, ami, BUSY, "pbxd-01K0CLICKBUSY000000000000", pick_up=True)


async def click_customer_no_answer(town: Town, ami: Recorder) -> None:
    await _clicked(town, ami, NEVER_ANSWERS, "pbxd-01K0CLICKNOANSWER000000000", pick_up=True)


async def click_number_invalid(town: Town, ami: Recorder) -> None:
    await _clicked(town, ami, NO_SUCH_NUMBER, "pbxd-01K0CLICKINVALID0000000000", pick_up=True)


SCENES: tuple[Scene, ...] = (
    inbound_answered,
    inbound_unanswered,
    inbound_busy,
    inbound_abandoned,
    inbound_several_phones,
    inbound_withheld,
    outbound_by_phone,
    internal,
    internal_offline,
    two_calls_on_one_phone,
    held_and_resumed,
    blind_transfer_by_phone,
    two_calls_joined,
    click_answered,
    click_not_picked_up,
    click_customer_busy,
    click_customer_no_answer,
    click_number_invalid,
)


async def record(town: Town, scene: Scene) -> None:
    account = town.office.account
    reader, writer = await asyncio.open_connection("127.0.0.1", town.ports.ami)
    await reader.readline()
    writer.write(encode({"Action": "Login", "Username": account.user, "Secret": account.secret}))
    while b"FullyBooted" not in (line := await reader.readline()):
        assert line
    await reader.readuntil(b"\r\n\r\n")
    ami = Recorder(reader, writer)
    cel = town.office.cel_file
    before = cel.stat().st_size if cel.exists() else 0
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(ami.run())
        await scene(town, ami)

        async def ended() -> bool:
            return cel.read_bytes()[before:].count(b'"LINKEDID_END"') >= 1 and not (
                await town.office.channels()
            )

        await until(ended, "the call's end in CEL", 10)
        reading.cancel()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    name = scene.__name__
    (CORPUS / f"{name}.ami").write_bytes(ami.kept)
    (CORPUS / f"{name}.cel").write_bytes(cel.read_bytes()[before:])
    print(name, len(ami.kept))


async def main() -> None:
    wanted = set(sys.argv[1:])
    CORPUS.mkdir(exist_ok=True)
    folder = Path(__file__).parent.parent / ".lab"
    settings = OfficeSettings(ring_seconds=3)
    async with Town(folder, free_ports(), "corpus", settings=settings) as town:
        for scene in SCENES:
            if not wanted or scene.__name__ in wanted:
                await record(town, scene)


if __name__ == "__main__":
    asyncio.run(main())
