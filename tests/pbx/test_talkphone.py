"""The phone that obeys: how a desk phone is answered from the screen."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from lab.ami import Ami
from lab.hearing import hears
from lab.office import MAIN_NUMBER, Office
from lab.outside import City
from lab.pytest_plugin import MakeTalkPhone
from lab.talkphone import TalkPhone
from lab.waiting import until

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
