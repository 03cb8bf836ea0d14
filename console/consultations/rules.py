"""Who may change what was written, and what may be written. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from console.web.permissions import Scope
from pbxd.errors import InvalidInput

OWN_FOR = timedelta(hours=24)  # S4-42, S4-43, S4-93
LONGEST, LONGEST_REMARKS, LONGEST_TYPE = 8000, 500, 40


def may_change(by: str, at: datetime, viewer_id: str, scope: Scope, now: datetime) -> bool:
    """One's own for a day; whoever has the right for all (상담내역 편집) always."""
    if scope >= Scope.ALL:
        return True
    return scope is not Scope.NONE and by == viewer_id and now - at < OWN_FOR


def text(typed: str, field: str = "text") -> str:
    """What was said. Raises InvalidInput."""
    plain = typed.replace("\r\n", "\n").strip()
    if not plain:
        raise InvalidInput("consultation-empty", "Write what was said.", field=field)
    if len(plain) > LONGEST:
        raise InvalidInput(
            "consultation-long",
            "This is {count} characters long; at most {most} are kept.",
            field=field,
            count=len(plain),
            most=LONGEST,
        )
    return plain


def remarks(typed: str) -> str:
    """Raises InvalidInput."""
    plain = " ".join(typed.split())
    if len(plain) > LONGEST_REMARKS:
        raise InvalidInput("remarks-long", "Remarks have at most 500 characters.", field="remarks")
    return plain


def type_name(typed: str) -> str:
    """Raises InvalidInput."""
    plain = " ".join(typed.split())
    if not 1 <= len(plain) <= LONGEST_TYPE:
        raise InvalidInput(
            "consultation-type-name", "A type has a name of 1 to 40 characters.", field="name"
        )
    return plain


def recall_at(due: datetime | None, now: datetime) -> datetime | None:
    """Raises InvalidInput: that time is over."""
    if due is not None and due <= now:
        raise InvalidInput("recall-past", "Choose a time to come.", field="recall")
    return due
