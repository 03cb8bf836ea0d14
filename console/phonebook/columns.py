"""What the phonebook's table may show, in the office's order; files are read in the same."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "phonebook"
COLUMNS = (
    Column("name", msgid("Name"), small=True, always=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("group", msgid("Group"), sorts=True),
    Column("speed", msgid("Speed dial"), small=True, sorts=True),
    Column("memo", msgid("Memo"), sorts=True),
)
