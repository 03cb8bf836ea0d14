"""What the incidents' table may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "abuse"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True, sorts=True, falls=True),
    Column("kind", msgid("Kind"), small=True, sorts=True),
    Column("step", msgid("What was done"), small=True, sorts=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("agent", msgid("Agent"), sorts=True),
)
