"""What the call log may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "calls"
COLUMNS = (
    Column("time", msgid("Time"), small=True, always=True),
    Column("customer", msgid("Customer"), small=True),
    Column("number", msgid("Number"), small=True),
    Column("outcome", msgid("Result"), small=True),
    Column("rang", msgid("Rang"), right=True),
    Column("talked", msgid("Talked"), small=True, right=True),
    Column("agent", msgid("Agent")),
    Column("line", msgid("Line")),
    Column("memo", msgid("Memo")),
    Column("direction", msgid("Direction"), wide=False),
    Column("ended", msgid("Ended"), wide=False),
    Column("held", msgid("On hold"), wide=False, right=True),
    Column("queue", msgid("Queue"), wide=False),
    Column("extension", msgid("Extension"), wide=False),
)
