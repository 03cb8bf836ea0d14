"""Cards come with the ring, go with the call, stay when pinned, and never come back once closed."""

from __future__ import annotations

from console.desk.identify import Identified
from console.desk.pop import Stage
from console.desk.pops import Pops
from pbxd.calls.model import LegState, Party
from tests.unit.desk.cast import JIU, MINA, SEOJUN, card, clicked, incoming

ID = MINA.id


def test_a_card_appears_with_the_ring_changes_with_the_answer_and_goes_with_the_call() -> None:
    pops = Pops()
    assert [pop.key for pop in pops.update(ID, [card(incoming())]).added] == ["C1"]
    assert pops.update(ID, [card(incoming())]).changed == ()
    talking = pops.update(ID, [card(incoming(LegState.UP))])
    assert [pop.stage for pop in talking.changed] == [Stage.UP]
    assert pops.update(ID, []).removed == ("C1",)
    assert pops.shown(ID) == ()


def test_the_oldest_call_stays_on_top() -> None:
    pops = Pops()
    pops.update(ID, [card(incoming(key="B"))])
    pops.update(ID, [card(incoming(key="A")), card(incoming(key="B"))])
    assert [pop.key for pop in pops.shown(ID)] == ["B", "A"]


def test_a_closed_card_does_not_come_back_while_its_call_lives() -> None:
    pops = Pops()
    pops.update(ID, [card(incoming())])
    pops.close(ID, "C1")
    assert pops.update(ID, [card(incoming())]).removed == ("C1",)
    assert pops.update(ID, [card(incoming(LegState.UP))]).added == ()
    pops.update(ID, [])
    assert [pop.key for pop in pops.update(ID, [card(incoming())]).added] == ["C1"]


def test_a_pinned_card_outlives_its_call_until_it_is_let_go() -> None:
    pops = Pops()
    pops.update(ID, [card(incoming())])
    pops.pin(ID, "C1", True)
    assert [p.pinned for p in pops.update(ID, [card(incoming(), pinned=True)]).changed] == [True]
    ended = pops.update(ID, [])
    assert [(pop.stage, pop.can_answer) for pop in ended.changed] == [(Stage.ENDED, False)]
    assert pops.update(ID, []) == pops.update(ID, [])
    pops.pin(ID, "C1", False)
    assert pops.update(ID, []).removed == ("C1",)


def test_a_screen_full_of_pinned_cards_forgets_the_oldest() -> None:
    pops = Pops()
    for number in range(25):
        pops.update(ID, [card(incoming(key=f"K{number}"), pinned=True)])
        pops.pin(ID, f"K{number}", True)
    pops.update(ID, [])
    assert len(pops.shown(ID)) == 20
    assert pops.shown(ID)[0].key == "K5"


def test_nobody_elses_screen_shows_it() -> None:
    pops = Pops()
    pops.update(ID, [card(incoming())])
    assert pops.shown("somebody else") == ()


def test_what_the_card_says() -> None:
    known = Identified("+821012345678", (SEOJUN,), SEOJUN.customer_id)
    pop = card(incoming(), known)
    assert (pop.line, pop.display, pop.card, pop.unknown) == (
        "대표번호", "010-1234-5678", SEOJUN, False
    )  # fmt: skip
    several = card(incoming(), Identified("+821012345678", (SEOJUN, JIU)))
    assert several.card is None
    assert len(several.candidates) == 2
    assert card(incoming(), Identified("+821012345678")).unknown
    assert not card(incoming(), Identified("+821012345678", searching=True)).unknown
    hidden = card(incoming(caller=Party(number="", name="x", withheld=True)))
    assert (hidden.withheld, hidden.unknown, hidden.given_name) == (True, False, "")
    out = card(clicked(LegState.UP, LegState.RINGING), known)
    assert (out.stage, out.outgoing, out.card) == (Stage.DIALLING, True, SEOJUN)
