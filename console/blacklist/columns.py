"""What the table of refused numbers may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "blacklist"
COLUMNS = (
    Column("number", msgid("Number"), small=True, always=True, sorts=True),
    Column("name", msgid("Name"), small=True, sorts=True),
    Column("kind", msgid("Kind"), small=True, sorts=True),
    Column("reason", msgid("Reason"), sorts=True),
    Column("until", msgid("Until"), sorts=True),
    Column("calls", msgid("Refused calls"), small=True, right=True, sorts=True, falls=True),
    Column("added", msgid("Added"), sorts=True, falls=True),
    Column("by", msgid("Who"), wide=False, sorts=True),
)
