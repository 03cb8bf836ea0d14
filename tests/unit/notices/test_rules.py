"""For whom a notice is, who may change it, what may stand in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from console.notices import rules
from console.notices.model import Content
from console.web.permissions import Scope
from pbxd.errors import InvalidInput

TODAY = date(2026, 11, 21)
TEAMS = ("A/S팀", "상담팀")


@pytest.mark.parametrize(
    ("teams", "department", "scope", "viewer", "sees"),
    [
        ((), "상담팀", Scope.TEAM, "me", True),
        ((), "", Scope.TEAM, "me", True),
        (("상담팀",), "상담팀", Scope.TEAM, "me", True),
        (("상담팀",), "A/S팀", Scope.TEAM, "me", False),
        (("상담팀",), "", Scope.TEAM, "me", False),
        (("상담팀",), "A/S팀", Scope.TEAM, "author", True),
        (("상담팀",), "", Scope.ALL, "me", True),
        ((), "상담팀", Scope.NONE, "author", False),
    ],
)
def test_who_sees_it(
    teams: tuple[str, ...], department: str, scope: Scope, viewer: str, sees: bool
) -> None:
    assert rules.visible("author", teams, viewer, department, scope) is sees


def test_who_may_change_it() -> None:
    assert rules.may_change("me", "me", Scope.OWN)
    assert not rules.may_change("other", "me", Scope.OWN)
    assert not rules.may_change("other", "me", Scope.TEAM)
    assert not rules.may_change("me", "me", Scope.NONE)
    assert rules.may_change("other", "me", Scope.ALL)


def test_its_last_day_is_in_the_list() -> None:
    assert not rules.past(None, TODAY)
    assert not rules.past(TODAY, TODAY)
    assert rules.past(TODAY - timedelta(days=1), TODAY)


def test_what_is_kept() -> None:
    typed = Content("  긴급   점검 ", "\n  1. 하나\r\n  2. 둘 \r\n\r\n", teams=("상담팀", "상담팀"))
    kept = rules.checked(typed, TEAMS, TODAY)
    assert kept == Content("긴급 점검", "  1. 하나\n  2. 둘", teams=("상담팀",))
    longest = Content("가" * 120, "가" * 8000, until=TODAY)
    assert rules.checked(longest, TEAMS, TODAY) == longest


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Content(" ", "x"), "title"),
        (Content("\u200b\u200b", "x"), "title"),
        (Content("가" * 121, "x"), "title"),
        (Content("x", " \r\n "), "text"),
        (Content("x", "가" * 8001), "text"),
        (Content("x", "x", teams=("영업팀",)), "teams"),
        (Content("x", "x", until=TODAY - timedelta(days=1)), "until"),
    ],
)
def test_what_is_wrong_is_named(wrong: Content, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.checked(wrong, TEAMS, TODAY)
    assert refused.value.field == field


def test_what_was_right_once_may_stay() -> None:
    """A day that is over by now, a department that nobody is in any more."""
    before = Content("x", "x", teams=("영업팀",), until=TODAY - timedelta(days=9))
    after = Content("y", "x", teams=("영업팀",), until=TODAY - timedelta(days=9))
    assert rules.checked(after, TEAMS, TODAY, before) == after


def test_files() -> None:
    rules.check_files(2, [("a", 1), ("b", rules.MOST_BYTES), ("c", 5)])
    for kept, sent in ((3, [("a", 1)] * 3), (0, [("a", rules.MOST_BYTES + 1)]), (0, [("a", 0)])):
        with pytest.raises(InvalidInput) as refused:
            rules.check_files(kept, sent)
        assert refused.value.field == "files"
