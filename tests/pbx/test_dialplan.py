"""What dialplan/ promises: no call ever waits for pbxd, and browser phones need no file."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from lab.ami import Ami
from lab.errors import LabError
from lab.hearing import hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.phone import DeskPhone
from lab.pytest_plugin import ASK_SECONDS, MakePhone
from lab.town import Town
from lab.waiting import until

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

CUSTOMER = "01012345678"
ALLOWED: dict[str, dict[str, Any]] = {
    "CoreShowChannels": {},
    "Status": {},
    "DeviceStateList": {},
    "ExtensionStateList": {},
    "PJSIPShowEndpoints": {},
    "CoreStatus": {},
    "Setvar": {"Variable": "PBXD_ALIVE", "Value": ""},
    "DBPut": {"Family": "pbxd/test", "Key": "a", "Val": "b"},
    "DBGet": {"Family": "pbxd/test", "Key": "a"},
    "DBDel": {"Family": "pbxd/test", "Key": "a"},
    "Reload": {"Module": "res_pjsip.so"},
}
FORBIDDEN: dict[str, dict[str, Any]] = {
    "Command": {"Command": "core show version"},
    "UpdateConfig": {"SrcFilename": "manager.conf", "DstFilename": "x.conf"},
    "AGI": {"Channel": "PJSIP/101", "Command": "exec"},
}
DEADLINE = ASK_SECONDS  # a question may take that long
# without its deadline a question would wait for ever: this bound is for that, not for the machine's
# speed, which benchmarks/ watch
BOUNDED = ASK_SECONDS + 10


@pytest_asyncio.fixture(loop_scope="session")
async def ami(office: Office) -> AsyncIterator[Ami]:
    link = await office.ami()
    await link.action("Setvar", Variable="PBXD_ALIVE", Value="")  # a pbxd has just been here
    yield link
    await link.action("Setvar", Variable="PBXD_ALIVE", Value="")
    link.close()


async def beat(ami: Ami, age: float = 0) -> None:
    """What pbxd does once a second."""
    await ami.action("Setvar", Variable="PBXD_ALIVE", Value=str(int(time.time() - age)))


async def seconds_to_ring(city: City, phone: DeskPhone) -> float:
    """How long a caller's phone stays silent; what the phone showed is in phone.incoming."""
    begun = time.monotonic()
    call = await city.call(MAIN_NUMBER, CUSTOMER, "발신자")
    await phone.wait_ringing()
    taken = time.monotonic() - begun
    await call.hang_up()
    await phone.wait_idle()
    return taken


@contextlib.asynccontextmanager
async def agi_server(town: Town, answer: Answer) -> AsyncIterator[list[str]]:
    """Something that listens where pbxd would; yields the questions it was asked."""
    questions: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            questions.append((await reader.readuntil(b"\n\n")).decode())
            await answer(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", town.ports.agi)
    async with server:
        yield questions


async def test_pbxd_never_started_nobody_is_asked(
    town: Town, city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    phone = await desk_phone("101")
    async with agi_server(town, never_answers) as questions:
        await seconds_to_ring(city, phone)
    assert questions == []


async def test_pbxd_died_a_while_ago_nobody_is_asked(
    town: Town, city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    phone = await desk_phone("101")
    await beat(ami, age=10)
    async with agi_server(town, never_answers) as questions:
        await seconds_to_ring(city, phone)
    assert questions == []


async def test_pbxd_names_the_caller(
    town: Town, city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    async def names(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write('SET VARIABLE CALLERID(name) "김영희 (단골)"\n'.encode())
        assert await reader.readline() == b"200 result=1\n"

    phone = await desk_phone("101")
    await beat(ami)
    async with agi_server(town, names) as questions:
        await seconds_to_ring(city, phone)
    assert phone.incoming[-1]["peerdisplayname"] == "김영희 (단골)"
    (question,) = questions
    assert "agi_network_script: caller-name\n" in question
    assert f"agi_callerid: {CUSTOMER}\n" in question
    assert f"agi_dnid: {MAIN_NUMBER}\n" in question


async def test_pbxd_hangs_and_costs_its_deadline_at_most(
    town: Town, city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    phone = await desk_phone("101")
    await beat(ami)
    async with agi_server(town, never_answers) as questions:
        taken = await seconds_to_ring(city, phone)
    assert len(questions) == 1
    assert DEADLINE <= taken < BOUNDED
    assert phone.incoming[-1]["peerdisplayname"] == "발신자"


async def test_the_deadline_does_not_shorten_the_call(
    town: Town, city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    phone = await desk_phone("101")
    await beat(ami)
    async with agi_server(town, never_answers):
        call = await city.call(MAIN_NUMBER, CUSTOMER, audio=440)
        await phone.wait_ringing()
    await phone.answer()
    await asyncio.sleep(DEADLINE * 3)  # nothing to wait for: that nothing happens is the point
    assert call.state == "answered"
    await call.hang_up()
    await phone.wait_idle()


async def test_pbxd_just_died_and_nobody_listens(
    city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    phone = await desk_phone("101")
    await beat(ami)
    assert await seconds_to_ring(city, phone) < BOUNDED


async def test_pbxd_is_stopped_and_its_queue_of_connections_is_full(
    town: Town, city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    """Connecting is the one wait that the deadline cannot end: 2 s, for calls within 3 s."""
    phone = await desk_phone("101")
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", town.ports.agi), backlog=0))
        for _ in range(3):  # as many as the kernel takes before it leaves SYNs unanswered
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        await beat(ami)
        taken = await seconds_to_ring(city, phone)
        assert taken < BOUNDED


async def test_the_line_decides_who_rings(city: City, desk_phone: MakePhone, ami: Ami) -> None:
    one, two = await desk_phone("101"), await desk_phone("102")
    await ami.action("DBPut", Family="pbxd/did", Key=MAIN_NUMBER, Val="ext:102")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await two.wait_ringing()
    assert not one.calls
    await call.hang_up()
    await two.wait_idle()

    await ami.action("DBPut", Family="pbxd/did", Key=MAIN_NUMBER, Val="group:sales")
    await ami.action("DBPut", Family="pbxd/group", Key="sales", Val="101")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await one.wait_ringing()
    assert not two.calls
    await call.hang_up()
    await one.wait_idle()
    await ami.action("DBDel", Family="pbxd/did", Key=MAIN_NUMBER)


async def test_click_to_call_rings_the_agent_then_the_customer(
    city: City, desk_phone: MakePhone, ami: Ami
) -> None:
    phone = await desk_phone("101", hz=660)
    await ami.action(
        "Originate",
        Channel="PJSIP/101",
        Context="pbxd-click",
        Exten="01000000880",
        Priority="1",
        CallerID="<01000000880>",
        Timeout="20000",
        Async="true",
    )
    shown = await phone.wait_ringing()
    assert shown["peeruri"].startswith("sip:01000000880@")
    await phone.answer()
    await until(lambda: bool(city.shown_at("01000000880")), "the customer answers")
    await until(lambda: hears(phone.heard, 880) >= 0.5, "the agent hears the customer")
    await phone.hang_up()
    assert city.shown_at("01000000880")[-1] == MAIN_NUMBER
    recording = city.heard_by("01000000880")[-1]
    await until(lambda: hears(recording, 660) >= 0.3, "the customer heard the agent")


@pytest.mark.parametrize("number", ["0021312345678", "0601234567", "+12025550123", "0"])
async def test_what_may_not_be_dialled_never_leaves(
    number: str, office: Office, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    refused = "[unknown@pbxd-end:1]"
    before = office.log.read_text().count(refused)
    await phone.dial(number)
    await until(lambda: office.log.read_text().count(refused) > before, "it is refused")
    assert f"PJSIP/{number}@city" not in office.log.read_text()
    await phone.hang_up()


async def test_a_browser_phone_made_changed_and_removed_at_run_time(
    town: Town, city: City, ami: Ami
) -> None:
    """Without `webrtc`, so that a desk phone can play its part; the objects are the same."""
    endpoint = {
        "context": "pbxd-internal",
        "disallow": "all",
        "allow": "alaw,ulaw",
        "auth": "101-web",
        "aors": "101-web",
        "accountcode": "101",
        "callerid": '"김서준" <101>',
        "media_address": "127.0.0.1",
        "bind_rtp_to_media_address": "yes",
    }
    aor = {"max_contacts": "1", "remove_existing": "yes"}
    auth = {"auth_type": "userpass", "username": "101-web", "password": "first-secret"}
    for kind, value in (("auth", auth), ("aor", aor), ("endpoint", endpoint)):
        await put(ami, kind, value)
    # only the device state needs this, once for a new phone: PJSIP looks for new AORs at no other
    # time; registration and calls work without it
    await ami.action("Reload", Module="res_pjsip.so")
    phone = DeskPhone("101-web", "first-secret", town.ports.sip, 660)
    states: list[str] = []
    ami.listen(
        lambda e: (
            states.append(e["State"])
            if e["Event"] == "DeviceStateChange" and e["Device"] == "PJSIP/101-web"
            else None
        )
    )
    try:
        await phone.start()
        await until(lambda: "NOT_INUSE" in states, "the browser phone's state is known")
        call = await city.call(MAIN_NUMBER, CUSTOMER)
        await phone.wait_ringing()
        await until(lambda: "RINGING" in states, "its ringing is known")
        await call.hang_up()
        await phone.wait_idle()

        await put(ami, "auth", auth | {"password": "second-secret"})
        await phone.stop()
        with pytest.raises(LabError, match="refused"):
            await phone.start()
        await phone.cut_power()
        phone.secret = "second-secret"
        await phone.start()
        await phone.stop()
    finally:
        for kind in ("endpoint", "aor", "auth"):
            await ami.action("DBDel", Family=f"pbxd_sip/{kind}", Key="101-web")
        await phone.cut_power()
        phone.clean()
    assert "101-web" not in await town.office.cli("pjsip show endpoints")


async def put(ami: Ami, kind: str, value: dict[str, str]) -> None:
    await ami.action("DBPut", Family=f"pbxd_sip/{kind}", Key="101-web", Val=json.dumps(value))


async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()  # until Asterisk gives up


async def test_pbxd_account_may_do_its_work_and_no_more(town: Town, office: Office) -> None:
    account = office.account
    link = await Ami.connect("127.0.0.1", town.ports.ami, account.user, account.secret)
    try:
        for name, fields in ALLOWED.items():
            await link.action(name, **fields)
        for name, fields in FORBIDDEN.items():
            with pytest.raises(LabError, match="Permission denied"):
                await link.action(name, **fields)
        # allowed to originate, but the lab has no application that starts programs
        assert "System" not in await office.cli("core show applications like System")
    finally:
        link.close()


async def test_pbxd_account_is_spared_the_noise(
    town: Town, city: City, office: Office, desk_phone: MakePhone
) -> None:
    account = office.account
    link = await Ami.connect("127.0.0.1", town.ports.ami, account.user, account.secret)
    seen: list[str] = []
    link.listen(lambda event: seen.append(event["Event"]))
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await phone.answer()
    await call.hang_up()
    await phone.wait_idle()
    await until(lambda: seen.count("Hangup") == 2, "both ends are hung up")
    link.close()
    wanted = {"Newchannel", "Newstate", "DialBegin", "DialEnd", "BridgeEnter", "DeviceStateChange"}
    assert wanted <= set(seen)
    assert not {"VarSet", "Newexten", "RTCPSent", "RTCPReceived", "TestEvent"} & set(seen)
    assert len(seen) < 50


@pytest.mark.parametrize("status", ["CHANUNAVAIL", "CONGESTION", "INVALIDARGS", "CANCEL"])
async def test_however_ringing_ends_the_caller_is_told(office: Office, status: str) -> None:
    """No pattern may miss a DIALSTATUS: a bare n in one is a digit."""
    shown = await office.cli(f"dialplan show in-{status}@pbxd-end")
    assert "Goto(nobody,1)" in shown
