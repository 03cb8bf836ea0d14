"""What the call log may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "calls"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True, sorts=True, falls=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("outcome", msgid("Result"), small=True, sorts=True),
    Column("rang", msgid("Rang"), right=True, sorts=True, falls=True),
    Column("talked", msgid("Talked"), small=True, right=True, sorts=True, falls=True),
    Column("agent", msgid("Agent"), sorts=True),
    Column("line", msgid("Line"), sorts=True),
    Column("memo", msgid("Memo"), sorts=True),
    Column("direction", msgid("Direction"), wide=False, sorts=True),
    Column("ended", msgid("Ended"), wide=False, sorts=True, falls=True),
    Column("held", msgid("On hold"), wide=False, right=True, sorts=True, falls=True),
    Column("queue", msgid("Queue"), wide=False),
    Column("extension", msgid("Extension"), wide=False, sorts=True),
)
