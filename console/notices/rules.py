"""For whom a notice is, who may change it, and what may stand in it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from console.notices.model import Content
from console.web.permissions import Scope
from pbxd.errors import InvalidInput

LONGEST_TITLE, LONGEST = 120, 8000
MOST_FILES, MOST_BYTES = 5, 10 * 2**20
MOST_IN_ALL = MOST_FILES * MOST_BYTES + 2**20  # a whole request: the files and what is typed


def meant(teams: Collection[str], department: str) -> bool:
    """Is it for somebody of this department?"""
    return not teams or department in teams


def visible(by: str, teams: Collection[str], viewer_id: str, department: str, scope: Scope) -> bool:
    """May this person see it? Who sees all notices also sees those of other teams."""
    if scope is Scope.NONE:
        return False
    return scope is Scope.ALL or by == viewer_id or meant(teams, department)


def may_change(by: str, viewer_id: str, scope: Scope) -> bool:
    """One's own; with the right for all every one."""
    return scope is Scope.ALL or (scope is not Scope.NONE and by == viewer_id)


def past(until: date | None, today: date) -> bool:
    """Its last day is over."""
    return until is not None and until < today


def checked(
    typed: Content, known: Collection[str], today: date, before: Content | None = None
) -> Content:
    """As it is kept. `known`: the departments that there are. Raises InvalidInput."""
    there = {*known, *(before.teams if before is not None else ())}
    if not there.issuperset(typed.teams):
        raise InvalidInput("notice-team", "There is no such department any more.", field="teams")
    kept = before.until if before is not None else None
    if typed.until != kept and past(typed.until, today):
        raise InvalidInput("notice-until", "This day is over.", field="until")
    teams = tuple(sorted(set(typed.teams)))
    return replace(typed, title=_title(typed.title), text=_text(typed.text), teams=teams)


def check_files(kept: int, sent: Sequence[tuple[str, int]]) -> None:
    """So many stay and these (name, bytes) come. Raises InvalidInput."""
    if kept + len(sent) > MOST_FILES:
        raise InvalidInput(
            "notice-files", "A notice has at most {most} files.", field="files", most=MOST_FILES
        )
    for name, size in sent:
        if size > MOST_BYTES:
            raise InvalidInput(
                "notice-file-big", "“{name}” is larger than 10 MB.", field="files", name=name
            )
        if size == 0:
            raise InvalidInput("notice-file-empty", "“{name}” is empty.", field="files", name=name)


def _title(typed: str) -> str:
    plain = " ".join(typed.split())
    # somebody has to see something to press on
    if not any(char.isprintable() and not char.isspace() for char in plain):
        raise InvalidInput("notice-title", "Write a title.", field="title")
    if len(plain) > LONGEST_TITLE:
        raise InvalidInput(
            "notice-title-long",
            "A title has at most {most} characters.",
            field="title",
            most=LONGEST_TITLE,
        )
    return plain


def _text(typed: str) -> str:
    plain = typed.replace("\r\n", "\n").strip("\n").rstrip()
    if not plain.strip():
        raise InvalidInput("notice-empty", "Write what there is to know.", field="text")
    if len(plain) > LONGEST:
        raise InvalidInput(
            "notice-long",
            "This is {count} characters long; at most {most} are kept.",
            field="text",
            count=len(plain),
            most=LONGEST,
        )
    return plain
