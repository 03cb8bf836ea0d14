"""Numbers as people write, paste and receive them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxd.callers.numbers import Number, NumberKind, NumberPlan
from pbxd.errors import InvalidInput

SEOUL = NumberPlan("KR", "02")
TAIPEI = NumberPlan("TW", "02")
K = NumberKind


@pytest.mark.parametrize(
    ("text", "e164", "kind", "shown"),
    [
        ("010 1234-5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("01012345678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("010-1234 - 5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("+82-10-1234-5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("+82 (0)10 1234 5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("821012345678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("０１０－１２３４－５６７８", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("전화: 010.1234.5678 입니다", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("010–1234—5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("\u202a+82\u00a010-1234\u20115678\u202c", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("12월 3일 김서준 010-1234-5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("001-82-10-1234-5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("tel:010-1234-5678", "+821012345678", K.MOBILE, "010-1234-5678"),
        ("1588-0000", "+8215880000", K.REPRESENTATIVE, "1588-0000"),
        ("02)555-0100", "+8225550100", K.LANDLINE, "02-555-0100"),
        ("555-0100", "+8225550100", K.LANDLINE, "02-555-0100"),
        ("2345-6789", "+82223456789", K.LANDLINE, "02-2345-6789"),
        ("051-123-4567", "+82511234567", K.LANDLINE, "051-123-4567"),
        ("0505-123-4567", "+825051234567", K.SAFETY, "0505-123-4567"),
        ("0507-1234-5678", "+8250712345678", K.SAFETY, "0507-1234-5678"),
        ("070-1234-5678", "+827012345678", K.INTERNET, "070-1234-5678"),
        ("080-123-4567", "+82801234567", K.FREE, "080-123-4567"),
        ("060-700-1234", "+82607001234", K.PREMIUM, "060-700-1234"),
        ("011-234-5678", "+82112345678", K.MOBILE, "011-234-5678"),
        ("02-412-8888", "+8224128888", K.LANDLINE, "02-412-8888"),
        ("0303-3440-1234", "+8230334401234", K.INTERNET, "0303-3440-1234"),
        ("112", "112", K.EMERGENCY, "112"),
        ("101", "101", K.EXTENSION, "101"),
        ("+1 212 555 0100", "+12125550100", K.INTERNATIONAL, "+1 212-555-0100"),
    ],
)
def test_korean_numbers(text: str, e164: str, kind: NumberKind, shown: str) -> None:
    assert SEOUL.parse(text) == Number(e164, kind)
    assert SEOUL.display(e164) == shown


@pytest.mark.parametrize(
    ("text", "e164", "kind", "shown"),
    [
        ("0912-345-678", "+886912345678", K.MOBILE, "0912-345-678"),
        ("+886 912 345 678", "+886912345678", K.MOBILE, "0912-345-678"),
        ("(02) 2345-6789", "+886223456789", K.LANDLINE, "(02) 2345-6789"),
        ("2345-6789", "+886223456789", K.LANDLINE, "(02) 2345-6789"),
        ("0800-012-345", "+886800012345", K.FREE, "0800-012-345"),
        ("04-2345-6789", "+886423456789", K.LANDLINE, "(04) 2345-6789"),
        ("037-123-456", "+88637123456", K.LANDLINE, "(037) 123-456"),
        ("412-8888", "+8864128888", K.REPRESENTATIVE, "412-8888"),
        ("02-412-8888", "+8864128888", K.REPRESENTATIVE, "412-8888"),
        ("449-5678", "+8864495678", K.REPRESENTATIVE, "449-5678"),
        ("119", "119", K.EMERGENCY, "119"),
    ],
)
def test_taiwanese_numbers(text: str, e164: str, kind: NumberKind, shown: str) -> None:
    assert TAIPEI.parse(text) == Number(e164, kind)
    assert TAIPEI.display(e164) == shown


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "number-empty"),
        ("   ", "number-empty"),
        ("abc", "number-form"),
        ("010-12", "number-form"),
        ("010-1234-5678-9999", "number-form"),
        ("010-1234-5678, 010-8765-4321", "number-several"),
        ("101, 102", "number-several"),
        ("+82 0000", "number-form"),
        ("+82-10-12", "number-form"),
        ("PJSIP/101", "number-form"),
        ("300&Zap/1", "number-form"),
        ("1234567890123456789012345", "number-form"),
    ],
)
def test_what_is_no_number_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SEOUL.parse(text)
    assert refused.value.id == reason
    assert str(refused.value)
    assert refused.value.field == "number"


@pytest.mark.parametrize("raw", ["", "anonymous", "Anonymous", "unknown", "Restricted", "---"])
def test_a_withheld_number_is_nobody(raw: str) -> None:
    assert SEOUL.normalise(raw) == ""


def test_what_the_pbx_dials() -> None:
    for text, dialled in (
        ("010 1234-5678", "01012345678"),
        ("1588-0000", "15880000"),
        ("101", "101"),
        ("555-0100", "025550100"),
        ("112", "112"),
    ):
        assert SEOUL.dial_string(SEOUL.parse(text)) == dialled


digits = st.text("0123456789", min_size=4, max_size=9)


KOREAN = ["010", "02", "031", "070", "0505", "0303", "080", "060", "15", "018", "+82", ""]
TAIWANESE = ["09", "02", "037", "049", "0826", "0836", "0800", "070", "412", "+886", ""]


@given(
    where=st.one_of(
        st.tuples(st.just(SEOUL), st.sampled_from(KOREAN)),
        st.tuples(st.just(TAIPEI), st.sampled_from(TAIWANESE)),
    ),
    tail=digits,
)
def test_what_is_shown_reads_as_what_it_was(where: tuple[NumberPlan, str], tail: str) -> None:
    plan, head = where
    try:
        number = plan.parse(head + tail)
    except InvalidInput:
        return
    assert plan.parse(plan.display(number.e164)) == number
    assert plan.normalise(plan.dial_string(number)) == number.e164


@given(st.text(max_size=40))
def test_anything_is_read_or_refused(text: str) -> None:
    SEOUL.normalise(text)
    try:
        number = SEOUL.parse(text)
    except InvalidInput:
        return
    assert SEOUL.dial_string(number).lstrip("+").isdigit()
