"""Calls, agents and callers that the desk's tests speak of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from console.desk.identify import Identified
from console.desk.pop import Pop, pop_of
from console.desk.ports import CallerCard
from console.desk.state import Known, Names
from pbxd.agents.model import Agent, DeviceKind
from pbxd.calls.model import Call, CallState, Direction, Leg, LegState, Party

T0 = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
MINA = Agent("01AGENTMINA", "김민아", "101", DeviceKind.BROWSER)
SEOJUN = CallerCard("01SEOJUN", "김서준", company="한빛상사", memo="오후에 전화", flags=("vip",))
JIU = CallerCard("01JIU", "이지우")


def at(seconds: float) -> datetime:
    """`seconds` after the beginning."""
    return T0 + timedelta(seconds=seconds)


def leg(id: str, endpoint: str, party: Party, state: LegState, *, originator: bool = False) -> Leg:
    """A leg that began at T0, rang a second later and was answered two seconds after that."""
    rang = at(1) if state is not LegState.DIALLING else None
    answered = at(3) if state in (LegState.UP, LegState.HELD) else None
    return Leg(id, f"PJSIP/{endpoint}-0001", endpoint, party, state, T0, originator=originator,
               rang_at=rang, answered_at=answered)  # fmt: skip


def incoming(
    mine: LegState = LegState.RINGING, caller: Party | None = None, key: str = "C1"
) -> Call:
    """Somebody calls 02-555-0100; phone 101-web rings, or talks."""
    caller = caller or Party(number="01012345678", name="김서준?")
    talking = mine in (LegState.UP, LegState.HELD)
    return Call(
        key=key,
        linkedid="1.1",
        direction=Direction.IN,
        state=CallState.UP if talking else CallState.RINGING,
        caller=caller,
        callee=Party(extension="101"),
        started_at=T0,
        dialled="025550100",
        answered_at=at(3) if talking else None,
        legs=(
            leg("1.1", "city", caller, LegState.UP if talking else LegState.DIALLING,
                originator=True),
            leg("1.2", "101-web", Party(number="101", extension="101"), mine),
        ),
    )  # fmt: skip


def clicked(mine: LegState, theirs: LegState | None, key: str = "C2") -> Call:
    """101 clicked on a number: the own phone first, then the customer."""
    customer = Party(number="01012345678")
    legs = [leg("pbxd-1", "101-web", Party(extension="101"), mine, originator=True)]
    if theirs is not None:
        legs.append(leg("1.9", "city", customer, theirs))
    return Call(
        key=key,
        linkedid="pbxd-1",
        direction=Direction.OUT,
        state=CallState.DIALLING,
        caller=Party(extension="101"),
        callee=customer,
        started_at=T0,
        dialled="01012345678",
        clicked_by="101",
        legs=tuple(legs),
    )


def names(known: Known | None = None) -> Names:
    """A number plan and a list of names small enough to see through."""
    return Names(
        normalise=lambda raw: "+82" + raw[1:] if raw.startswith("0") else raw,
        display=lambda number: "010-1234-5678" if number == "+821012345678" else number,
        line={"025550100": "대표번호"}.get,  # type: ignore[arg-type]
        known=lambda key: known or Known(),
        colleague=lambda extension: {"101": "김민아", "103": "박하늘"}.get(extension, ""),
    )


def card(call: Call, known: Identified | None = None, *, pinned: bool = False) -> Pop:
    """The pop of `call` on 101's screen."""
    pop = pop_of(call, MINA, known or Identified(), names(), pinned)
    assert pop is not None
    return pop
