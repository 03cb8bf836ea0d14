"""What the call log may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import Language

LIST = "calls"


def offered(language: Language) -> list[Column]:
    """All columns; those that stand hidden are there for who wants them."""
    text = language.text
    return [
        Column("time", text("Time"), small=True, always=True),
        Column("customer", text("Customer"), small=True),
        Column("number", text("Number"), small=True),
        Column("outcome", text("Result"), small=True),
        Column("rang", text("Rang"), right=True),
        Column("talked", text("Talked"), small=True, right=True),
        Column("agent", text("Agent")),
        Column("line", text("Line")),
        Column("memo", text("Memo")),
        Column("direction", text("Direction"), wide=False),
        Column("ended", text("Ended"), wide=False),
        Column("held", text("On hold"), wide=False, right=True),
        Column("queue", text("Queue"), wide=False),
        Column("extension", text("Extension"), wide=False),
    ]
