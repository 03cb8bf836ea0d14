"""What the list of recordings may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "recordings"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True),
    Column("customer", msgid("Customer"), small=True),
    Column("number", msgid("Number"), small=True),
    Column("agent", msgid("Agent")),
    Column("length", msgid("Length"), small=True, right=True),
    Column("extension", msgid("Extension"), wide=False),
)
