"""The calls that go on, as the home page lists them."""

from __future__ import annotations

import msgspec

from console.desk.home import Side, live_rows, recent_call
from console.desk.state import Known, ms
from pbxd.calls.model import CallState, Direction, Leg, LegState, Outcome, Party
from pbxd.calls.record import record_of
from tests.unit.desk.cast import MINA, T0, at, clicked, incoming, leg, names


def test_a_call_names_the_customer_the_line_and_the_phones_that_ring() -> None:
    call = incoming()
    ring_too = leg("1.3", "103", Party(extension="103"), LegState.RINGING)
    call = msgspec.structs.replace(call, legs=(*call.legs, ring_too))
    (row,) = live_rows([call], names(Known("01SEOJUN", "김서준")))
    assert row.outside == Side("김서준", "+821012345678", "010-1234-5678", "01SEOJUN")
    assert [side.name for side in row.inside] == ["김민아", "박하늘"]
    assert (row.line, row.since) == ("대표번호", ms(T0))


def test_of_those_who_rang_only_who_talks_is_shown() -> None:
    call = incoming(LegState.UP)
    lost = leg("1.3", "103", Party(extension="103"), LegState.ENDED)
    (row,) = live_rows([msgspec.structs.replace(call, legs=(*call.legs, lost))], names())
    assert [side.name for side in row.inside] == ["김민아"]
    assert row.since == ms(at(3))


def test_a_stranger_has_a_number_a_withheld_one_has_none_and_the_oldest_is_first() -> None:
    hidden = incoming(caller=Party(number="x", name="x", withheld=True), key="B")
    older = msgspec.structs.replace(clicked(LegState.UP, None), started_at=at(-5))
    rows = live_rows([hidden, older], names())
    assert [row.outside for row in rows] == [
        Side("", "+821012345678", "010-1234-5678"),
        Side("", "", ""),
    ]


def _plain(raw: str) -> str:
    return "+82" + raw[1:]


def test_a_recent_call_shows_the_other_side() -> None:
    ended = msgspec.structs.replace(
        incoming(LegState.UP), state=CallState.ENDED, ended_at=at(68), outcome=Outcome.ANSWERED
    )
    row = recent_call(record_of(ended, _plain), MINA, names(), "", lambda moment: f"{moment:%H:%M}")
    assert (row.outgoing, row.name, row.display, row.talk, row.when) == (
        False, "김서준?", "010-1234-5678", "1:05", "00:30"
    )  # fmt: skip
    named = recent_call(record_of(ended, _plain), MINA, names(), "김서준", str)
    assert named.name == "김서준"


def test_an_internal_call_names_the_colleague_on_either_side() -> None:
    me, other = Party(extension="101"), Party(extension="103")
    legs: tuple[Leg, ...] = ()
    call = msgspec.structs.replace(
        incoming(), direction=Direction.INTERNAL, caller=other, callee=me, legs=legs,
        outcome=Outcome.MISSED, ended_at=at(9),
    )  # fmt: skip
    came = recent_call(record_of(call, _plain), MINA, names(), "", str)
    assert (came.outgoing, came.number, came.name, came.talk) == (False, "103", "박하늘", "")
    mine = msgspec.structs.replace(call, caller=me, callee=other)
    went = recent_call(record_of(mine, _plain), MINA, names(), "", str)
    assert (went.outgoing, went.number, went.name) == (True, "103", "박하늘")
