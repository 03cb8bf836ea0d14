"""The phone that obeys, calls, holds, presses keys and loses its power: on the real Asterisk."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import lab.asterisk
from lab.ami import Ami
from lab.asterisk import DIALPLAN
from lab.hearing import hears, loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import BUSY, NEVER_ANSWERS, City, CityCall, hangs_up_after, plays
from lab.ports import free_ports
from lab.pytest_plugin import MakeTalkPhone
from lab.talkphone import TalkPhone
from lab.town import Town
from lab.user_agent import Broom
from lab.waiting import until
from tests.pbx.verbs import hears_more

CUSTOMER = "01012345678"


@pytest_asyncio.fixture(loop_scope="session")
async def phone(talk_phone: MakeTalkPhone) -> TalkPhone:
    return await talk_phone("106", hz=660)


@pytest_asyncio.fixture(loop_scope="session")
async def ami(office: Office) -> AsyncIterator[Ami]:
    link = await office.ami()
    yield link
    link.close()


@pytest.mark.parametrize("where", ["Channel", "Endpoint"])
async def test_notify_talk_answers_the_ringing_call(
    where: str, city: City, phone: TalkPhone, ami: Ami, office: Office
) -> None:
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=440)
    await phone.wait_ringing()
    if where == "Channel":  # inside the call: the phone knows which of two calls is meant
        (ringing,) = [name for name in await office.channels() if "PJSIP/106-" in name]
        await ami.action("PJSIPNotify", Channel=ringing, variables=("Event=talk",))
    else:
        await ami.action("PJSIPNotify", Endpoint="106", variables=("Event=talk",))
    await phone.wait_established()
    await call.wait_answered()
    assert phone.answered_by == "talk"
    await until(lambda: hears(phone.heard, 440) >= 0.5, "the phone hears the customer")
    await call.hang_up()
    await phone.wait_idle()
    assert hears(call.heard, 660) >= 0.3


@pytest.mark.parametrize(
    "header",
    ["Call-Info)=<sip:office>;answer-after=0", "Alert-Info)=<http://office>;info=alert-autoanswer"],
)
async def test_click_to_call_is_answered_by_the_phone_itself(
    header: str, city: City, phone: TalkPhone, ami: Ami
) -> None:
    await ami.action(
        "Originate",
        Channel="PJSIP/106",
        Context="pbxd-click",
        Exten="01000000880",
        Priority="1",
        CallerID="<01000000880>",
        Async="true",
        variables=(f"PJSIP_HEADER(add,{header}",),
    )
    await phone.wait_established()
    assert phone.answered_by == "header"
    await until(lambda: hears(phone.heard, 880) >= 0.3, "the customer is heard")
    await phone.hang_up()


async def test_by_hand_refused_and_given_up(city: City, phone: TalkPhone) -> None:
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await phone.hang_up()
    assert await call.wait_ended() == 17
    call = await city.call(MAIN_NUMBER, CUSTOMER)
    await phone.wait_ringing()
    await call.hang_up()
    await phone.wait_idle()


async def talking(city: City, phone: TalkPhone) -> CityCall:
    """A customer of 440 Hz has called and hears the phone's 660 Hz."""
    call = await city.call(MAIN_NUMBER, CUSTOMER, audio=440)
    await phone.wait_ringing()
    await phone.answer()
    await hears_more(call.heard, 660, 0.3)
    return call


async def is_held(call: CityCall) -> None:
    """The customer hears music, and the agent no more."""

    async def music_alone() -> bool:
        agent, loud = hears(call.heard, 660), loud_seconds(call.heard)
        await until(lambda: loud_seconds(call.heard) > loud + 1.5, "something is heard", 10)
        return hears(call.heard, 660) < agent + 0.3

    await until(music_alone, "music is heard, and the agent no more", 10)


async def test_it_calls_and_both_hear_each_other(city: City, phone: TalkPhone) -> None:
    number = plays(880)
    await phone.dial(number)
    assert phone.state == "calling"
    await phone.wait_established()
    await hears_more(phone, 880)
    await hears_more(city.heard_by(number)[-1], 660)
    await phone.hang_up()
    assert phone.state == "idle"


async def test_what_it_calls_refuses_or_never_answers(city: City, phone: TalkPhone) -> None:
    await phone.dial(BUSY)
    await phone.wait_idle()
    assert phone.last_reason == "486 Busy Here"
    await phone.dial(NEVER_ANSWERS)
    assert phone.state == "calling"
    await phone.hang_up()
    assert phone.last_reason.startswith("487")


async def test_the_other_side_hangs_up_what_it_called(city: City, phone: TalkPhone) -> None:
    await phone.dial(hangs_up_after(1))
    await phone.wait_established()
    await phone.wait_idle()


async def test_hold_and_back_by_notify(
    city: City, phone: TalkPhone, ami: Ami, office: Office
) -> None:
    call = await talking(city, phone)
    (channel,) = [name for name in await office.channels() if "PJSIP/106-" in name]
    await ami.action("PJSIPNotify", Channel=channel, variables=("Event=hold",))
    await until(lambda: phone.held == [True], "the phone obeys")
    await is_held(call)
    await ami.action("PJSIPNotify", Channel=channel, variables=("Event=talk",))
    await until(lambda: phone.held == [False], "the phone obeys")
    await hears_more(call.heard, 660)
    await hears_more(phone, 440)
    assert phone.notified == ["hold", "talk"]
    await call.hang_up()
    await phone.wait_idle()


async def test_hold_and_back_by_its_own_key(city: City, phone: TalkPhone) -> None:
    call = await talking(city, phone)
    await phone.hold()
    await is_held(call)
    await phone.resume()
    await hears_more(call.heard, 660)
    await hears_more(phone, 440)
    await call.hang_up()
    await phone.wait_idle()


async def test_keys_are_heard_on_both_sides(city: City, phone: TalkPhone) -> None:
    call = await talking(city, phone)
    await phone.dtmf("159*0#")
    await until(lambda: call.keys == "159*0#", "the customer's side hears the keys")
    network = await city.ami()
    for key in "27":
        await network.action("PlayDTMF", Channel=call.channel, Digit=key)
    network.close()
    await until(lambda: phone.keys == "27", "the phone hears the keys")
    await call.hang_up()
    await phone.wait_idle()


async def test_a_second_call_puts_the_first_on_hold(city: City, phone: TalkPhone) -> None:
    first = await talking(city, phone)
    second = await city.call(MAIN_NUMBER, "01077778888", audio=520)
    await phone.wait_ringing()
    third = await city.call(MAIN_NUMBER, "01077779999")
    assert await third.wait_ended() == 17, "it has two lines"
    await phone.answer()
    assert phone.held == [True, False]
    await hears_more(phone, 520)
    await is_held(first)
    await phone.resume(0)
    assert phone.held == [False, True]
    await hears_more(first.heard, 660)
    await phone.hang_up(1)
    await second.wait_ended()
    await hears_more(phone, 440)
    await phone.hang_up()
    await first.wait_ended()


async def test_a_call_of_its_own_beside_the_one_that_waits(city: City, phone: TalkPhone) -> None:
    call = await talking(city, phone)
    await phone.dial(plays(880))
    await phone.wait_established()
    assert phone.held == [True, False]
    await hears_more(phone, 880)
    await is_held(call)
    await phone.hang_up()
    await call.wait_ended()


async def test_a_power_cut_says_nothing(
    city: City, phone: TalkPhone, ami: Ami, office: Office
) -> None:
    call = await talking(city, phone)
    phone.cut_power()
    heard = hears(call.heard, 660)
    channels = await office.channels()
    assert len(channels) == 2, "the office does not know yet"
    (gone,) = [name for name in channels if "PJSIP/106-" in name]
    await ami.action("PJSIPNotify", Channel=gone, variables=("Event=hold",))
    assert call.state == "answered"
    await call.hang_up()
    assert hears(call.heard, 660) < heard + 0.5
    assert phone.notified == []


async def test_a_phone_without_power_is_forgotten_when_it_is_put_away(
    talk_phone: MakeTalkPhone, office: Office
) -> None:
    phone = await talk_phone("107")
    assert "sip:107@" in await office.cli("pjsip show aor 107")
    phone.cut_power()
    await phone.stop()
    assert "sip:107@" not in await office.cli("pjsip show aor 107")


async def test_a_broom_takes_any_registration_back(
    talk_phone: MakeTalkPhone, office: Office, town: Town
) -> None:
    phone = await talk_phone("107")
    phone.cut_power()
    await Broom("107", town.secrets.desk["107"], town.ports.sip).sweep()
    assert "sip:107@" not in await office.cli("pjsip show aor 107")


async def test_keys_go_from_phone_to_phone(
    phone: TalkPhone, talk_phone: MakeTalkPhone, ami: Ami, office: Office
) -> None:
    other = await talk_phone("107")
    await phone.dial("107")
    await other.wait_ringing()
    await other.answer()
    await phone.wait_established()
    (channel,) = [name for name in await office.channels() if "PJSIP/107-" in name]
    for key in "12#":  # as the desk's keypad does
        await ami.action("PlayDTMF", Channel=channel, Digit=key)
    await until(lambda: other.keys == "12#", "keys of the PBX are heard")
    await phone.dtmf("95#*")
    await until(lambda: other.keys == "12#95#*", "keys of a phone are heard")
    await phone.hang_up()


async def test_the_office_notices_a_power_cut_when_no_sound_comes(
    lab_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an office of its own: its rtp_timeout is 2 s, not the 60 s of a desk phone."""
    dialplan = Path(shutil.copytree(DIALPLAN, tmp_path / "dialplan"))
    phones = dialplan / "pjsip-pbxd.conf"
    phones.write_text(phones.read_text("utf-8").replace("rtp_timeout = 60\n", "rtp_timeout = 2\n"))
    monkeypatch.setattr(lab.asterisk, "DIALPLAN", dialplan)
    async with Town(lab_root.parent, free_ports(), f"cut-{os.getpid()}") as town:
        phone = TalkPhone("106", town.secrets.desk["106"], town.ports.sip, 660)
        await phone.start()
        call = await talking(town.city, phone)
        phone.cut_power()

        async def gone() -> bool:
            return not any("PJSIP/106-" in name for name in await town.office.channels())

        assert not await gone()
        await until(gone, "the phone's channel is ended", 10)
        await call.hang_up()
        await phone.stop()
        phone.clean()
