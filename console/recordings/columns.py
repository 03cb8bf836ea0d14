"""What the list of recordings may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import Language

LIST = "recordings"


def offered(language: Language) -> list[Column]:
    """All columns."""
    text = language.text
    return [
        Column("time", text("Time"), small=True, always=True),
        Column("customer", text("Customer"), small=True),
        Column("number", text("Number"), small=True),
        Column("agent", text("Agent")),
        Column("length", text("Length"), small=True, right=True),
        Column("extension", text("Extension"), wide=False),
    ]
