"""What the tables of scheduled calls may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "scheduled"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True, sorts=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("state", msgid("State"), small=True, sorts=True),
    Column("tries", msgid("Tries"), wide=False, right=True, sorts=True, falls=True),
    Column("reason", msgid("Reason"), wide=False),
    Column("agent", msgid("Agent"), sorts=True),
    Column("note", msgid("Note"), small=True, sorts=True),
)
