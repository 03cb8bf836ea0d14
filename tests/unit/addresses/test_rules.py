"""What is typed into the address finder, and which numbers a postcode has."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.addresses.model import ENDLESS, SUB, Asked, Span, Street
from console.addresses.rules import (
    address_of,
    asked,
    chinese,
    chosen,
    fitting,
    merged,
    scope,
    words_of,
)
from console.addresses.spans import spans_text
from console.web.i18n import Language


@pytest.mark.parametrize(
    ("typed", "words", "number", "rest"),
    [
        ("역삼동", ("역삼동",), "", ""),
        ("역삼1동", ("역삼동",), "", ""),  # the office of a part
        ("테헤란로 152", ("테헤란로",), "152", ""),
        ("테헤란로152", ("테헤란로",), "152", ""),
        ("테헤란로 10길 9-1", ("테헤란로10길",), "9-1", ""),
        (
            "서울 강남구  테헤란로 152번지 3층 301호",
            ("서울", "강남구", "테헤란로"),
            "152",
            "3층 301호",
        ),
        ("강남구 테헤란로 152 (역삼동)", ("강남구", "테헤란로"), "152", ""),
        ("３·１로", ("31로",), "", ""),
        ("", (), "", ""),
    ],
)
def test_korean(typed: str, words: tuple[str, ...], number: str, rest: str) -> None:
    found = asked(typed, "KR")
    assert (found.words, found.number, found.rest) == (words, number, rest)


@pytest.mark.parametrize(
    ("typed", "words", "lanes", "number", "rest"),
    [
        ("大安區", ("大安區",), (), "", ""),
        ("台北市信義區信義路5段7號 89樓", ("臺北市", "信義區信義路五段"), (), "7號", "89樓"),
        ("信義路五段7號89樓之1", ("信義路五段",), (), "7號", "89樓之1"),
        ("八德路二段410巷16弄3之2號", ("八德路二段",), (410, 16), "410巷16弄3之2號", ""),
        ("八德路二段 342-1號", ("八德路二段",), (), "342之1號", ""),
    ],
)
def test_taiwanese(
    typed: str, words: tuple[str, ...], lanes: tuple[int, ...], number: str, rest: str
) -> None:
    found = asked(typed, "TW")
    assert (found.words, found.lanes, found.number, found.rest) == (words, lanes, number, rest)


def test_postcodes_are_known_by_their_length() -> None:
    assert asked(" 06236 ", "KR").postcode == "06236"
    assert asked("123456", "KR").postcode == ""
    assert [asked(code, "TW").postcode for code in ("110", "11049", "110615")] == [
        "110",
        "11049",
        "110615",
    ]


@pytest.mark.parametrize("country", ["KR", "TW"])
@given(text=st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(country: str, text: str) -> None:
    found = asked(text, country)
    assert fitting([Span("1")], found) in ([], [Span("1")])


@pytest.mark.parametrize(
    ("wording", "span"),
    [
        ("全", Span("1")),
        ("單全", Span("1", 1)),
        ("單  21號至  39號", Span("1", 1, 21 * SUB, 39 * SUB)),
        ("雙  18號以下", Span("1", 2, 0, 18 * SUB)),
        ("連 100號以上", Span("1", 0, 100 * SUB)),
        ("　  23號", Span("1", 0, 23 * SUB, 23 * SUB)),
        ("　 202之   1號", Span("1", 0, 202 * SUB + 1, 202 * SUB + 1)),
        ("連  19之   2號至之  14號", Span("1", 0, 19 * SUB + 2, 19 * SUB + 14)),
        ("連  35號至  35號含附號", Span("1", 0, 35 * SUB, 36 * SUB - 1)),
        ("　 346巷全", Span("1", lane="346巷")),
        ("　 410巷雙  18號至  32號", Span("1", 2, 18 * SUB, 32 * SUB, "410巷")),
        ("　 410巷  16弄全", Span("1", lane="410巷16弄")),
        ("雙  62巷至  94號", Span("1", 2, 62 * SUB, 94 * SUB)),
        ("單  99巷以下", Span("1", 1, 0, 99 * SUB)),
        ("雙 374號至 380號 2樓以上", Span("1", 2, 374 * SUB, 380 * SUB)),
    ],
)
def test_wordings_of_taiwans_post(wording: str, span: Span) -> None:
    found = scope(wording, "1")
    assert found is not None
    assert (found.side, found.low, found.high, found.lane) == (
        span.side,
        span.low,
        span.high,
        span.lane,
    )


def test_which_span_has_a_number() -> None:
    spans = [
        scope(text, code) or Span("")
        for text, code in (
            ("單全", "1"), ("雙 100號以下", "2"), ("雙 102號以上", "3"), ("50號", "4"),
            ("346巷全", "5"), ("410巷雙18號至32號", "6"), ("410巷單全", "7"),
        )
    ]  # fmt: skip

    def code(typed: str) -> list[str]:
        return [one.postcode for one in fitting(spans, asked(f"八德路{typed}", "TW"))]

    assert code("7號") == ["1"]
    assert code("48號") == ["2"]
    assert code("50號") == ["4"], "the closest"
    assert code("102之3號") == ["3"]
    assert code("346巷5號") == ["5"]
    assert code("346巷") == ["5"]
    assert code("410巷20號") == ["6"]
    assert code("410巷19號") == ["7"]
    assert fitting(spans[3:4], asked("八德路7號", "TW")) == []


def test_buildings_of_one_side_become_spans() -> None:
    points = [(1, "a"), (3, "a"), (5, "b"), (7, "a"), (9, "a")]
    assert list(merged(points)) == [(1, 3, "a"), (5, 5, "b"), (7, 9, "a")]
    assert list(merged([])) == []


def test_only_roads_that_have_the_number_and_the_road_itself_first() -> None:
    street = Street("서울특별시", "강남구", "역삼동", "테헤란로")
    lane = Street("서울특별시", "강남구", "역삼동", "테헤란로10길")
    tower = Street("서울특별시", "강남구", "역삼동", "테헤란로", "강남파이낸스센터", "152")
    even = Span("06236", 2, 138 * SUB, 156 * SUB)
    found = [(lane, [Span("06235", 2, 2 * SUB, 200 * SUB)]), (street, [even])]
    wanted = asked("테헤란로 152", "KR")
    assert [one.road for one, _ in chosen(found, wanted)] == ["테헤란로", "테헤란로10길"]
    assert chosen(found, asked("테헤란로 151", "KR")) != [], "it does not say that there is none"
    assert chosen([(tower, [even])], asked("강남파이낸스센터", "KR")) == [(tower, [even])]
    assert chosen([(tower, [even])], asked("테헤란로 150", "KR")) == []


def test_addresses_as_they_are_written() -> None:
    town = Street("서울특별시", "강남구", "역삼동", "테헤란로")
    rural = Street("인천광역시", "옹진군", "대청면 대청리", "대청북로")
    assert address_of(town, "KR", "152") == "서울특별시 강남구 테헤란로 152 (역삼동)"
    assert address_of(town, "KR", "") == "서울특별시 강남구 테헤란로"
    assert address_of(rural, "KR", "121") == "인천광역시 옹진군 대청면 대청북로 121"
    road = Street("臺北市", "信義區", "", "信義路五段")
    assert address_of(road, "TW", "7號") == "臺北市信義區信義路五段7號"
    names = words_of(Street("전북특별자치도", "전주시 완산구", "중앙동", "기린대로")).split()
    assert {"전라북도", "전주시", "완산구", "기린대로"} <= set(names)
    assert chinese(5) + chinese(10) + chinese(12) + chinese(21) == "五十十二二十一"


def test_spans_in_words() -> None:
    korean = Language("ko", ZoneInfo("Asia/Seoul"))
    street = Street("서울특별시", "강남구", "역삼동", "테헤란로")
    spans = [Span("1", 1, 101 * SUB, 155 * SUB + 2), Span("1", 2, 8 * SUB, 8 * SUB)]
    assert spans_text(spans, street, korean) == "역삼동 · 홀수 101–155-2, 8"
    assert spans_text([Span("1", 0, 0, ENDLESS)], street, korean) == "역삼동"
    assert asked("", "KR") == Asked()
