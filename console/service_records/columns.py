"""What the list of service records may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "services"
COLUMNS = (
    Column("day", msgid("Date"), small=True, always=True, sorts=True, falls=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("status", msgid("State"), small=True, sorts=True),
    Column("summary", msgid("Service summary"), small=True, sorts=True),
    Column("served_by", msgid("Served by"), small=True, sorts=True),
    Column("amount", msgid("Amount"), small=True, right=True, sorts=True, falls=True),
    Column("note", msgid("Note"), wide=False, sorts=True),
)
