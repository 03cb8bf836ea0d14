"""The calls that go on, as the home page lists them."""

from __future__ import annotations

import dataclasses

from console.desk.home import Side, live_rows
from console.desk.state import Known, ms
from pbxd.calls.model import LegState, Party
from tests.unit.desk.cast import T0, at, clicked, incoming, leg, names


def test_a_call_names_the_customer_the_line_and_the_phones_that_ring() -> None:
    call = incoming()
    ring_too = leg("1.3", "103", Party(extension="103"), LegState.RINGING)
    call = dataclasses.replace(call, legs=(*call.legs, ring_too))
    (row,) = live_rows([call], names(Known("01SEOJUN", "김서준")))
    assert row.outside == Side("김서준", "+821012345678", "010-1234-5678", "01SEOJUN")
    assert [side.name for side in row.inside] == ["김민아", "박하늘"]
    assert (row.line, row.since) == ("대표번호", ms(T0))


def test_of_those_who_rang_only_who_talks_is_shown() -> None:
    call = incoming(LegState.UP)
    lost = leg("1.3", "103", Party(extension="103"), LegState.ENDED)
    (row,) = live_rows([dataclasses.replace(call, legs=(*call.legs, lost))], names())
    assert [side.name for side in row.inside] == ["김민아"]
    assert row.since == ms(at(3))


def test_a_stranger_has_a_number_a_withheld_one_has_none_and_the_oldest_is_first() -> None:
    hidden = incoming(caller=Party(number="x", name="x", withheld=True), key="B")
    older = dataclasses.replace(clicked(LegState.UP, None), started_at=at(-5))
    rows = live_rows([hidden, older], names())
    assert [row.outside for row in rows] == [
        Side("", "+821012345678", "010-1234-5678"),
        Side("", "", ""),
    ]
