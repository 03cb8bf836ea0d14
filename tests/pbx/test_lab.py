"""The lab itself: real calls through the real Asterisk, judged by what the phones heard."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import outside
from lab.errors import LabError
from lab.hearing import hears, loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakePhone
from lab.town import Town
from lab.waiting import until

CUSTOMER = "01012345678"


async def talk_until_heard(path: Callable[[], Path], hz: float, seconds: float = 1.0) -> None:
    """Let the call go on until so much of the tone is in the recording (written in steps)."""
    await until(lambda: path().exists() and hears(path(), hz) >= seconds, f"{hz} Hz is heard", 10)


async def test_a_customer_calls_and_both_hear_each_other(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101", hz=660)
    call = await city.call(MAIN_NUMBER, CUSTOMER, "홍길동", audio=440)
    shown = await phone.wait_ringing()
    await call.wait_ringing()
    assert shown["peerdisplayname"] == "홍길동"
    assert shown["peeruri"].startswith(f"sip:{CUSTOMER}@")

    await phone.answer()
    await call.wait_answered()
    await talk_until_heard(lambda: phone.heard, 440)
    await call.hang_up()
    await phone.wait_idle()

    assert call.cause == 16
    assert hears(phone.heard, 440) >= 1.0
    assert hears(call.heard, 660) >= 0.5
    assert hears(call.heard, 440) == 0  # nobody hears himself


async def test_withheld_number(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, None)
    shown = await phone.wait_ringing()
    assert "anonymous" in shown["peeruri"]
    await call.hang_up()
    await phone.wait_idle()


async def test_all_phones_of_the_group_ring_and_stop_when_one_answers(
    city: City, desk_phone: MakePhone
) -> None:
    first, second = await desk_phone("101"), await desk_phone("102")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await asyncio.gather(first.wait_ringing(), second.wait_ringing())
    await second.answer()
    await call.wait_answered()
    await first.wait_idle(2)
    await second.hang_up()
    assert await call.wait_ended() == 16


async def test_the_agent_dials_and_both_hear_each_other(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("103", hz=660)
    number = outside.plays(880)
    await phone.dial(number)
    await phone.wait_established()
    await talk_until_heard(lambda: phone.heard, 880)
    await phone.hang_up()
    recording = city.heard_by(number)[-1]
    assert hears(phone.heard, 880) >= 1.0
    await talk_until_heard(lambda: recording, 660, 0.5)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (outside.BUSY, "486"),
        (outside.NO_SUCH_NUMBER, "404"),
        (outside.SWITCHED_OFF, "480"),
        (outside.DECLINES, "403"),
        (outside.OVERLOADED, "503"),
    ],
)
async def test_what_the_network_refuses_reaches_the_phone(
    number: str, status: str, city: City, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    await phone.dial(number)
    await phone.wait_idle(15)
    assert phone.last_reason.startswith(status)


async def test_the_outside_hangs_up(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    await phone.dial(outside.hangs_up_after(1))
    await phone.wait_established()
    await phone.wait_idle(5)


async def test_nobody_registered_hears_a_prompt_and_ends(city: City) -> None:
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    cause = await call.wait_ended(20)
    assert cause == 19  # the office says 20, SIP 480, which the network reads as "no answer"
    await until(lambda: loud_seconds(call.heard) > 2, "the prompt is in the recording")


async def test_an_agent_refuses(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("104")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await phone.refuse()
    assert await call.wait_ended() == 17
    assert call.state == "busy"


async def test_two_calls_at_once_on_one_phone(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    first = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await phone.answer()
    second = await city.call(MAIN_NUMBER, "01087654321")
    await phone.wait_ringing()
    assert sorted(phone.calls.values()) == ["established", "incoming"]
    await second.hang_up()
    await first.hang_up()
    await phone.wait_idle()


async def test_internal_call(desk_phone: MakePhone) -> None:
    one, two = await desk_phone("101", hz=660), await desk_phone("102", hz=440)
    await one.dial("102")
    shown = await two.wait_ringing()
    assert shown["peerdisplayname"] == "김서준"
    await two.answer()
    await one.wait_established()
    await talk_until_heard(lambda: one.heard, 440)
    await talk_until_heard(lambda: two.heard, 660)
    await one.hang_up()
    await two.wait_idle()


async def test_a_wrong_secret_is_refused(office: Office, desk_phone: MakePhone) -> None:
    phone = await desk_phone("105")
    await phone.stop()
    phone.secret = "not-the-secret"
    with pytest.raises(LabError, match="refused"):
        await phone.start()


async def test_keys_pressed_on_either_side_arrive(city: City, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await phone.answer()
    await call.wait_answered()
    await phone.dtmf("12#")
    await until(lambda: call.keys == "12#", "the customer's side receives the keys")
    await call.send_dtmf("9")
    await until(lambda: "9" in phone.keys, "the phone receives the key")
    await call.hang_up()
    await phone.wait_idle()


async def test_hold_and_resume(city: City, office: Office, desk_phone: MakePhone) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await phone.answer()
    link, seen = await office.ami(), list[str]()
    link.listen(lambda event: seen.append(event["Event"]))
    await phone.hold()
    await until(lambda: {"Hold", "MusicOnHoldStart"} <= set(seen), "the customer gets music")
    await phone.resume()
    await until(lambda: {"Unhold", "MusicOnHoldStop"} <= set(seen), "they talk again")
    link.close()
    await call.hang_up()
    await phone.wait_idle()


async def test_the_office_is_killed_and_starts_again(
    town: Town, city: City, office: Office, desk_phone: MakePhone
) -> None:
    phone = await desk_phone("101")
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await office.kill()
    assert not office.running
    await office.start()
    assert await office.channels() == []
    await call.hang_up()
    await phone.cut_power()
    await phone.start()  # AstDB is on disk a second later only: its registration may be lost

    async def reachable() -> bool:
        return "Avail" in await office.cli("pjsip show aor 101")

    await until(reachable, "Asterisk has asked the phone whether it is there", 15)
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await call.hang_up()
    await phone.wait_idle()


async def test_no_asterisk_outlives_who_started_it(lab_root: Path) -> None:
    """The parent is killed with -9: nobody is left to clean up."""
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from lab.ports import free_ports\n"
        "from lab.town import Town\n"
        "async def main():\n"
        "    async with Town(Path(sys.argv[1]), free_ports(), 'orphan') as town:\n"
        "        print(town.office.pid, town.city.pid, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(lab_root.parent), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pids = [int(word) for word in (await parent.stdout.readline()).split()]
    assert len(pids) == 2
    parent.kill()
    await parent.wait()
    await until(lambda: not any(_alive(pid) for pid in pids), "both are gone")
    for role in ("office", "city"):
        shutil.rmtree(lab_root / "instances" / f"orphan-{role}")


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
