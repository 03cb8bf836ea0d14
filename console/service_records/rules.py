"""What may be written in a service record, and who may change it. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from console.service_records.model import Status
from console.web.days import western
from console.web.permissions import Scope
from pbxd.errors import InvalidInput

LONGEST, LONGEST_NAME, LONGEST_NOTE, LONGEST_PHRASE = 2000, 80, 500, 200
MOST = 10**12  # of an amount: sums of very many still fit into 64 bits
MOST_PHRASES = 9999  # four digits
_MARKS = re.compile(r"NT\$|[,\s원元₩$]")


def may_change(by: str, served_by: str, viewer_id: str, scope: Scope) -> bool:
    """What one wrote or did oneself, also later: a service goes on; with the right for all any."""
    return scope is Scope.ALL or (scope is not Scope.NONE and viewer_id in (by, served_by))


def day(typed: str) -> date:
    """Raises InvalidInput."""
    try:
        found = date.fromisoformat(western(typed.strip()))
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2199:
        raise InvalidInput("field-date", "Enter a date.", field="day")
    return found


def status(typed: str) -> Status:
    """Raises InvalidInput."""
    try:
        return Status(typed)
    except ValueError:
        raise InvalidInput("field-choice", "Choose one of the list.", field="status") from None


def summary(typed: str) -> str:
    """Raises InvalidInput."""
    plain = _line(typed, "summary", LONGEST)
    if not plain:
        raise InvalidInput("service-empty", "Write what was done.", field="summary")
    return plain


def name(typed: str) -> str:
    """Who served, without an account. Raises InvalidInput."""
    plain = _line(typed, "name", LONGEST_NAME)
    if not plain:
        raise InvalidInput("service-nobody", "Write who served the customer.", field="name")
    return plain


def note(typed: str) -> str:
    """Raises InvalidInput."""
    return _line(typed, "note", LONGEST_NOTE)


def amount(typed: str, field: str = "amount") -> int:
    """`6,800`, `6800원`, `NT$6,800`; nothing is 0. Raises InvalidInput."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", typed))
    if re.fullmatch(r"[-−]\d+", plain) and plain.strip("-−0"):
        raise InvalidInput("service-negative", "An amount is 0 or more.", field=field)
    if not re.fullmatch(r"[-−]?\d*", plain, re.ASCII):
        raise InvalidInput("field-money", "Enter an amount without decimals.", field=field)
    digits = plain.lstrip("-−0")
    if len(digits) > len(str(MOST)) or int(digits or "0") > MOST:
        raise InvalidInput("service-too-much", "This amount is too large.", field=field)
    return int(digits or "0")


def phrase(typed: str) -> str:
    """Raises InvalidInput."""
    plain = _line(typed, "text", LONGEST_PHRASE)
    if not plain:
        raise InvalidInput("phrase-empty", "Write the phrase.", field="text")
    return plain


def _line(typed: str, field: str, most: int) -> str:
    plain = " ".join(typed.split())
    if len(plain) > most:
        raise InvalidInput("field-long", "Enter at most {most} characters.", field=field, most=most)
    return plain
