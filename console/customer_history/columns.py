"""What the log of customers' data may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "history"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True, sorts=True, falls=True),
    Column("who", msgid("Who"), small=True, sorts=True),
    Column("customer", msgid("Customer"), small=True),
    Column("what", msgid("What"), small=True, sorts=True),
    Column("count", msgid("Records"), wide=False, right=True),
    Column("content", msgid("Content"), small=True),
)
