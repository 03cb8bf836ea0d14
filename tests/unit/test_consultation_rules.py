"""Who may change what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.consultations import rules
from console.web.permissions import Scope
from pbxd.errors import InvalidInput

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("who", "scope", "after", "may"),
    [
        ("me", Scope.OWN, timedelta(hours=23, minutes=59), True),
        ("me", Scope.OWN, timedelta(hours=24), False),
        ("other", Scope.OWN, timedelta(minutes=1), False),
        ("me", Scope.NONE, timedelta(minutes=1), False),
        ("other", Scope.ALL, timedelta(days=400), True),
    ],
)
def test_one_s_own_for_a_day(who: str, scope: Scope, after: timedelta, may: bool) -> None:
    assert rules.may_change("me", AT, who, scope, AT + after) is may


def test_texts() -> None:
    assert rules.text("  배송 문의\r\n다시 연락 ") == "배송 문의\n다시 연락"
    for wrong in ("", " \n ", "가" * 8001):
        with pytest.raises(InvalidInput):
            rules.text(wrong)
    assert len(rules.text("가" * 8000)) == 8000
    with pytest.raises(InvalidInput):
        rules.remarks("x" * 501)
    for wrong in ("", " ", "x" * 41):
        with pytest.raises(InvalidInput):
            rules.type_name(wrong)
    with pytest.raises(InvalidInput):
        rules.recall_at(AT, AT)
    assert rules.recall_at(None, AT) is None
