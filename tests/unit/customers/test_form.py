"""The customer form: what was typed comes back, what is not shown stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.customers.dates import Anniversary, Calendar
from console.customers.forms import details_of, typed_of
from console.customers.model import Details, Entry, Phone, PhoneKind
from console.customers.rules import checked, own_value
from console.fields.model import LIMITED, SECTIONS, STANDARD, STRICT, Field, Kind
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput

PLAN = NumberPlan("KR", "02")
OWN = Field("fee", "월사용료", Kind.MONEY, "own", own=True)
FIELDS = (*STANDARD, OWN)
WORDS = " ".join([*(one.word for one in FIELDS), *(one.word for one in SECTIONS)])
FULL = Details(
    "홍길동",
    number="A000000001",
    birthday=Anniversary(1980, 3, 5, Calendar.LUNAR),
    groups=("g1", "g2"),
    national_id="900101-1******:abc",
    registered_on=date(2020, 5, 1),
    vip=True,
    phones=(Phone("+821012345678", PhoneKind.MOBILE, "개인"),),
    entries=(Entry("family", ("배우자", "김하나", "", "", "")),),
    custom=(("fee", "30000"), ("gone", "a field that was taken out")),
)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(str.strip)


def test_what_cannot_be_seen_is_left_out_and_nothing_is_cut_short() -> None:
    found = checked(Details("홍\u202e길\x00동\x85", memo="첫\n둘\u2066"), PLAN)
    assert (found.name, found.memo) == ("홍길동", "첫\n둘")
    with pytest.raises(InvalidInput) as refusal:
        checked(Details("\u202e\x01"), PLAN)
    assert refusal.value.field == "name"
    long = Details("홍길동", phones=(Phone("010-1234-5678", memo="가" * 201),))
    with pytest.raises(InvalidInput) as refusal:
        checked(long, PLAN)
    assert refusal.value.field == "phones.0"


@given(
    st.builds(
        Details,
        name=texts.filter(bool),
        alias=texts,
        company=texts,
        memo=texts,
        location=texts,
        sex=st.sampled_from(["", "m", "f"]),
        vip=st.booleans(),
        no_sms=st.booleans(),
        left_on=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        groups=st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(tuple),
    )
)
def test_an_untouched_form_changes_nothing(details: Details) -> None:
    values = typed_of(details, PLAN) | {"fields": WORDS}
    assert details_of(values, Details(""), FIELDS, "KR") == details


def test_of_a_whole_customer() -> None:
    values = typed_of(FULL, PLAN) | {"fields": WORDS}
    kept = checked(details_of(values, FULL, FIELDS, "KR"), PLAN, {"fee": OWN}.get)
    assert kept == FULL
    assert Details.from_dict(FULL.as_dict()) == FULL


def test_what_the_page_does_not_show_keeps_its_value() -> None:
    values = {"fields": "name memo", "name": "홍길순", "memo": "", "vip": "", "alias": "x"}
    assert details_of(values, FULL, FIELDS, "KR") == replace(FULL, name="홍길순", memo="")


def test_a_token_from_outside_is_never_taken() -> None:
    values = {"fields": "national_id", "national_id": "x:forged"}
    assert ":" not in details_of(values, FULL, FIELDS, "KR").national_id
    removed = {"fields": "national_id", "national_id": "", "national_id_remove": "1"}
    assert details_of(removed, FULL, FIELDS, "KR").national_id == ""


@pytest.mark.parametrize(
    ("required", "details", "field"),
    [
        (LIMITED, Details("가"), "address"),
        (LIMITED, Details("가", address="서울"), "phones"),
        (STRICT, Details("가", phones=(Phone("02-555-0100", PhoneKind.HOME),)), "phones"),
        ({"fee"}, Details("가"), "fee"),
    ],
)
def test_what_the_office_requires(required: set[str], details: Details, field: str) -> None:
    checked(details, PLAN)
    with pytest.raises(InvalidInput) as refusal:
        checked(details, PLAN, lambda word: OWN, sorted(required))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (Kind.NUMBER, "1,234.50", "1234.5"),
        (Kind.MONEY, "30,000원", "30000"),
        (Kind.LINK, "example.com/a", "https://example.com/a"),
        (Kind.DATE, "2026-11-21", "2026-11-21"),
        (Kind.NUMBER, "zwei", None),
        (Kind.MONEY, "1.5", None),
        (Kind.LINK, "javascript:alert(1)", None),
        (Kind.DATE, "2026-02-30", None),
        (Kind.NUMBER, "NaN", None),
    ],
)
def test_own_fields(kind: Kind, text: str, kept: str | None) -> None:
    field = Field("x", "X", kind, "own", 500, own=True)
    if kept is None:
        with pytest.raises(InvalidInput):
            own_value(text, field)
    else:
        assert own_value(text, field) == kept
        assert own_value(kept, field) == kept
