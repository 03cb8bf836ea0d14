"""What the list of recordings may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "recordings"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True, sorts=True, falls=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("agent", msgid("Agent"), sorts=True),
    Column("length", msgid("Length"), small=True, right=True, sorts=True, falls=True),
    Column("extension", msgid("Extension"), wide=False, sorts=True),
)
