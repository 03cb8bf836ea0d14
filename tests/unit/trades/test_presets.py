"""Every trade that comes with pbxd is whole in three languages and within the limits."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from console.codes import model as codes
from console.codes.service import LONGEST
from console.consultations.rules import LONGEST_TYPE, type_name
from console.fields.model import STANDARD, Choice
from console.fields.service import LONGEST_LABEL, OWN_KINDS
from console.service_records.rules import phrase
from console.trades.model import GROUPS, Office, State, Trade, What, Words, said
from console.trades.presets import trades
from console.trades.rules import plan, ticked
from console.web.i18n import LANGUAGES, Languages

SEOUL = ZoneInfo("Asia/Seoul")
TRADES = list(trades().values())
EMPTY = Office((), {}, (), ())
FIELDS = {one.word: one for one in STANDARD}


def words_of(trade: Trade) -> list[Words]:
    lists = [one.words for rows in (*trade.codes.values(), *trade.types.values()) for one in rows]
    fields = [row for one in trade.fields for row in (one.words, *one.choices)]
    return [trade.name, trade.about, *lists, *fields, *trade.labels.values(), *trade.phrases]


@pytest.mark.parametrize("trade", TRADES, ids=lambda one: one.word)
def test_a_trade_is_whole(trade: Trade) -> None:
    assert len(trade.word) <= 20
    assert trade.group in dict(GROUPS)
    assert set(trade.codes) <= {word for word, _ in codes.LISTS}
    assert {codes.GROUP, codes.CATEGORY, codes.METHOD} <= set(trade.codes)
    assert set(trade.types) == {1, 2, 3}
    assert len(trade.fields) >= 4
    assert len(trade.phrases) >= 6
    for words in words_of(trade):
        assert all(one and one == " ".join(one.split()) for one in words), words
    for rows in trade.codes.values():
        assert all(len(one) <= LONGEST for row in rows for one in row.words)
    for rows in trade.types.values():
        assert all(type_name(one) == one for row in rows for one in row.words)
    for row in trade.phrases:
        assert all(phrase(one) == one for one in row)
    for field in trade.fields:
        assert field.kind in OWN_KINDS
        assert (field.kind == "choice") is bool(field.choices), field.words
        assert all(len(one) <= LONGEST_LABEL for one in field.words)
    for word, labels in trade.labels.items():
        assert word in FIELDS
        assert all(len(one) <= LONGEST_LABEL for one in labels)
    assert all(word in FIELDS and not FIELDS[word].off for word in trade.pop)


@pytest.mark.parametrize("trade", TRADES, ids=lambda one: one.word)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_stands_in_a_trade_twice(trade: Trade, language: str) -> None:
    parts = plan(trade, language, EMPTY)
    marks = [item.mark for part in parts for item in part.items]
    assert len(marks) == len(set(marks))
    assert all(item.state is State.NEW for part in parts for item in part.items)
    assert len(ticked(parts, marks)) == len(marks)
    for part in parts:
        if part.what is not What.POP:
            texts = [item.text.casefold() for item in part.items]
            assert len(texts) == len(set(texts)), part.what
    # an own field never carries the name of one that every office has, or that is renamed
    spoken = Languages(language, SEOUL)[language]
    standard = {
        said(trade.labels[word], language) if word in trade.labels else spoken.text(field.label)
        for word, field in FIELDS.items()
    }
    own = {said(one.words, language) for one in trade.fields}
    assert not own & standard
    for word, labels in trade.labels.items():
        assert labels[0] != Languages("ko", SEOUL)["ko"].text(FIELDS[word].label), "no news"


@pytest.mark.parametrize("trade", TRADES, ids=lambda one: one.word)
def test_each_language_is_its_own(trade: Trade) -> None:
    """Hangul stands in the Korean words only, Chinese signs not in the Korean or English ones."""
    for ko, chinese, english in words_of(trade):
        assert not any("가" <= char <= "힣" for char in chinese + english), (chinese, english)
        assert not any("\u4e00" <= char <= "\u9fff" for char in ko + english), (ko, english)


def test_all_trades_of_the_manuals_are_there() -> None:
    """S3-04's groups with its examples, S0-26's industries, S1's and S4's."""
    words = set(trades())
    assert words >= {"consulting", "medical_beauty", "retail", "education", "hotel", "association"}
    assert words >= {"dental", "car_service", "temple", "water_filters"}
    assert words >= {"door_sales", "computer_sales", "insurance", "car_sales"}
    assert words >= {"rental", "shopping_mall"}
    assert [group for group, _ in GROUPS] == list(dict.fromkeys(one.group for one in TRADES))
    assert LONGEST_TYPE == LONGEST


def test_what_the_office_decided_is_kept() -> None:
    dental = trades()["dental"]
    number = Choice("number", {"ko": "진료 번호"})
    taken_out = Choice("01OWN", {"ko": "알레르기"}, removed=True)
    code = codes.Code("01A", codes.GROUP, "교정", removed=True)
    there = codes.Code("01B", codes.GROUP, "소아")
    office = Office((code, there), {"number": number, "01OWN": taken_out}, (), ())
    states = {item.mark: item.state for part in plan(dental, "ko", office) for item in part.items}
    assert states["label/number"] is State.KEPT
    assert states["field/알레르기"] is State.KEPT
    assert states["code/group/교정"] is State.KEPT
    assert states["code/group/소아"] is State.THERE
    assert states["label/name"] is State.NEW
    again = Office((), {}, (), (), frozenset({"type/1/예약"}))
    states = {item.mark: item.state for part in plan(dental, "ko", again) for item in part.items}
    assert states["type/1/예약"] is State.KEPT, "taken out since it was given"
