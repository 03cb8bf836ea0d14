"""What the history of consultations may show, in the office's order."""

from __future__ import annotations

from dataclasses import replace

from console.lists.model import Column, in_words
from console.web.i18n import Language, msgid

LIST = "consultations"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True, sorts=True, falls=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True),
    Column("content", msgid("Content"), small=True),
    Column("agent", msgid("Agent"), sorts=True),
    Column("state", msgid("State"), wide=False, sorts=True),
    Column("recall", msgid("Call again at"), wide=False, sorts=True, falls=True),
    Column("remarks", msgid("Remarks"), wide=False, sorts=True),
)


def listed(language: Language, back: str) -> list[Column]:
    """Those of a table on another page; of recalls the time is the one agreed."""
    time, *others = COLUMNS
    if back == "recalls":
        time = replace(time, label=msgid("Agreed time"))
    return in_words((time, *others), language)
