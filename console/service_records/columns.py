"""What the list of service records may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "services"
COLUMNS = (
    Column("day", msgid("Date"), small=True, always=True),
    Column("customer", msgid("Customer"), small=True),
    Column("status", msgid("State"), small=True),
    Column("summary", msgid("Service summary"), small=True),
    Column("served_by", msgid("Served by"), small=True),
    Column("amount", msgid("Amount"), small=True, right=True),
    Column("note", msgid("Note"), wide=False),
)
