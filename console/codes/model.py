"""Codes as values, and which lists there are."""

from __future__ import annotations

from dataclasses import dataclass

from console.web.i18n import msgid

GRADE, GROUP, CATEGORY, METHOD = "grade", "group", "category", "method"
TITLE, MEMBERSHIP, DEPARTMENT, RANK, PAYMENT = (
    "title",
    "membership",
    "department",
    "rank",
    "payment",
)

LISTS: tuple[tuple[str, str], ...] = (
    (GRADE, msgid("Grade")),  # S1-88, S0-08
    (GROUP, msgid("Group")),  # S0-08, S2-12
    (CATEGORY, msgid("Class")),  # S3-11
    (METHOD, msgid("Management method")),  # S1-89
    (MEMBERSHIP, msgid("Membership")),  # S3-13
    (TITLE, msgid("Job title")),  # S3-32
    (DEPARTMENT, msgid("Department")),  # S1-81
    (RANK, msgid("Rank")),
    (PAYMENT, msgid("Payment class")),  # S1-87
)


@dataclass(frozen=True, slots=True)
class Code:
    """One word of one list; `id` never changes, so that renaming reaches every customer."""

    id: str
    list: str
    name: str
    colour: str = ""
    position: int = 0
    removed: bool = False
