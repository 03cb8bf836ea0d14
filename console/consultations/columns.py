"""What the history of consultations may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import Language

LIST = "consultations"


def offered(language: Language, back: str = "log") -> list[Column]:
    """All columns; `back`: which list it is."""
    text = language.text
    when = text("Agreed time") if back == "recalls" else text("Time")
    return [
        Column("time", when, small=True, always=True),
        Column("customer", text("Customer"), small=True),
        Column("number", text("Number"), small=True),
        Column("content", text("Content"), small=True),
        Column("agent", text("Agent")),
        Column("state", text("State"), wide=False),
        Column("recall", text("Call again at"), wide=False),
        Column("remarks", text("Remarks"), wide=False),
    ]
