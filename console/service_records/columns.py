"""What the list of service records may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import Language

LIST = "services"


def offered(language: Language) -> list[Column]:
    """All columns."""
    text = language.text
    return [
        Column("day", text("Date"), small=True, always=True),
        Column("customer", text("Customer"), small=True),
        Column("status", text("State"), small=True),
        Column("summary", text("Service summary"), small=True),
        Column("served_by", text("Served by"), small=True),
        Column("amount", text("Amount"), small=True, right=True),
        Column("note", text("Note"), wide=False),
    ]
