"""The `desk` message says what is true for one agent, for both kinds of phone."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from console.desk.state import Known, Phone, desk_message, ms
from pbxd.agents.model import Agent, DeviceKind
from pbxd.calls.model import Call, CallState, Direction, LegState, Party
from pbxd.events import AgentState
from tests.unit.desk.cast import MINA, T0, at, clicked, incoming, leg, names

PHONE = Phone(AgentState.RINGING, phone_up=True, page="p1")


def message(
    *calls: Call, agent: Agent | None = MINA, known: Known | None = None, pbx_up: bool = True
) -> dict[str, Any]:
    return desk_message(agent, PHONE, calls, names(known), pbx_up=pbx_up, now=at(10))


def row(call: Call, **more: Any) -> dict[str, Any]:
    return message(call, **more)["calls"][0]  # type: ignore[no-any-return]


def test_a_ringing_phone_shows_who_calls_on_which_line_and_can_be_answered() -> None:
    shown = row(incoming(), known=Known("01SEOJUN", "김서준"))
    assert shown["state"] == "ringing"
    assert not shown["outgoing"]
    assert (shown["name"], shown["number"], shown["display"], shown["line"]) == (
        "김서준",
        "+821012345678",
        "010-1234-5678",
        "대표번호",
    )
    assert {verb for verb, works in shown["can"].items() if works} == {"answer", "hang_up"}
    assert shown["since"] == ms(at(1))
    assert shown["my_leg"] == {"id": "1.2", "state": "ringing", "browser": True, "muted": False}


def test_a_withheld_number_is_said_to_be_withheld_and_its_name_not_believed() -> None:
    hidden = Party(number="anonymous", name="Anonymous", withheld=True)
    shown = row(incoming(caller=hidden))
    assert (shown["number"], shown["display"], shown["name"]) == ("", "", "")


def test_talking_counts_from_the_answer() -> None:
    shown = row(incoming(LegState.UP))
    assert (shown["state"], shown["since"], shown["can"]["answer"]) == ("up", ms(at(3)), False)


@pytest.mark.parametrize(
    ("mine", "theirs", "state"),
    [
        (LegState.RINGING, None, "dialling"),
        (LegState.UP, LegState.RINGING, "dialling"),
        (LegState.UP, LegState.UP, "up"),
        (LegState.HELD, LegState.UP, "held"),
    ],
)
def test_a_clicked_call_is_being_dialled_until_the_customer_talks(
    mine: LegState, theirs: LegState | None, state: str
) -> None:
    shown = row(clicked(mine, theirs))
    assert shown["clicked_by_me"]
    assert shown["outgoing"]
    assert shown["state"] == state
    assert shown["display"] == "010-1234-5678"


def test_a_call_that_another_phone_took_is_gone() -> None:
    call = incoming()
    lost = msgspec.structs.replace(call.legs[1], state=LegState.ENDED)
    assert message(msgspec.structs.replace(call, legs=(call.legs[0], lost)))["calls"] == []


def test_the_phone_that_the_console_does_not_drive_cannot_be_answered_here() -> None:
    desk = dataclasses.replace(MINA, device=DeviceKind.DESK)
    assert not row(incoming(), agent=desk)["can"]["answer"]


def test_off_line_by_choice_the_screen_is_quiet() -> None:
    quiet = message(incoming(), agent=dataclasses.replace(MINA, linked=False))
    assert quiet["calls"] == []
    assert quiet["agent"]["linked"] is False


def test_without_pbx_nothing_can_be_hung_up_and_without_an_extension_there_is_no_desk() -> None:
    shown = message(incoming(), pbx_up=False)
    assert (shown["pbx"], shown["calls"][0]["can"]["hang_up"]) == ("down", False)
    assert message(incoming(), agent=None) == {
        "kind": "desk", "now": ms(at(10)), "pbx": "up", "agent": None, "calls": [],
        "hold_reminder_s": 0,
    }  # fmt: skip


def test_a_colleague_who_calls_is_named() -> None:
    other = Party(number="103", extension="103")
    call = Call("C3", "2.1", Direction.INTERNAL, CallState.RINGING, other, Party(extension="101"),
                T0, dialled="101", legs=(
                    leg("2.1", "103", other, LegState.DIALLING, originator=True),
                    leg("2.2", "101-web", Party(extension="101"), LegState.RINGING),
                ))  # fmt: skip
    shown = row(call)
    assert (shown["name"], shown["number"], shown["line"]) == ("박하늘", "103", "")
