"""What may stand in a service record, and who may change it."""

from __future__ import annotations

import pytest

from console.service_records import rules
from console.service_records.forms import RecordForm
from console.service_records.model import Status
from console.web.permissions import Scope
from pbxd.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("", 0),
        ("0", 0),
        ("-0", 0),
        ("6,800", 6800),
        (" 6800원 ", 6800),
        ("NT$1,200", 1200),
        ("₩ 35 000", 35000),
        ("1200元", 1200),
        ("６８００", 6800),
        ("1000000000000", 10**12),
    ],
)
def test_amounts_as_people_write_them(typed: str, amount: int) -> None:
    assert rules.amount(typed) == amount


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("-1", "service-negative"),
        ("-6,800", "service-negative"),
        ("12.5", "field-money"),
        ("many", "field-money"),
        ("1e5", "field-money"),
        ("٣٤", "field-money"),
        ("1000000000001", "service-too-much"),
        ("9" * 400, "service-too-much"),
    ],
)
def test_what_is_no_amount(typed: str, id: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.amount(typed)
    assert (refused.value.id, refused.value.field) == (id, "amount")


@pytest.mark.parametrize(
    ("by", "served_by", "scope", "may"),
    [
        ("me", "other", Scope.OWN, True),
        ("other", "me", Scope.OWN, True),
        ("other", "other", Scope.OWN, False),
        ("other", "", Scope.OWN, False),
        ("me", "me", Scope.NONE, False),
        ("other", "other", Scope.ALL, True),
    ],
)
def test_one_s_own_is_what_one_wrote_or_did(
    by: str, served_by: str, scope: Scope, may: bool
) -> None:
    assert rules.may_change(by, served_by, "me", scope) is may


def test_texts() -> None:
    assert rules.summary("  필터\n 교체 ") == "필터 교체"
    assert len(rules.summary("가" * 2000)) == 2000
    assert rules.note("") == ""
    assert rules.day("0115.11.28") == rules.day("2026-11-28"), "as POTA writes it (S3-79)"
    wrong = (
        (rules.summary, ("", " \n", "가" * 2001)),
        (rules.name, ("", " ", "x" * 81)),
        (rules.note, ("x" * 501,)),
        (rules.phrase, ("", "x" * 201)),
        (rules.day, ("", "2026-02-30", "0001-13-01", "yesterday", "9999-12-31")),
        (rules.status, ("", "all")),
    )
    for rule, texts in wrong:
        for text in texts:
            with pytest.raises(InvalidInput):
                rule(text)


def test_a_record_is_by_an_account_or_by_a_name() -> None:
    typed = RecordForm(day="2026-11-21", summary="점검", user="a", name="left over")
    assert (typed.entry().user_id, typed.entry().name) == ("a", "")
    assert typed.entry().status is Status.DONE
    free = typed.model_copy(update={"user": "", "name": " 오  기사 "})
    assert (free.entry().user_id, free.entry().name) == ("", "오 기사")
    with pytest.raises(InvalidInput) as refused:
        free.model_copy(update={"name": " "}).entry()
    assert refused.value.field == "name"
