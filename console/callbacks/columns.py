"""What the callbacks' table may show, in the office's order."""

from __future__ import annotations

from dataclasses import replace

from console.lists.model import Column, in_words
from console.web.i18n import Language, msgid

LIST = "callbacks"
COLUMNS = (
    Column("asked", msgid("Asked"), small=True, always=True, sorts=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("why", msgid("Why"), sorts=True),
    Column("due", msgid("Due"), small=True, sorts=True),
    Column("whose", msgid("Whose"), sorts=True),
    Column("note", msgid("Note")),
    Column("last", msgid("Asked last"), wide=False, sorts=True, falls=True),
    Column("tries", msgid("Tries"), wide=False, right=True, sorts=True, falls=True),
)
MISSED = (
    Column("time", msgid("Time"), small=True, sorts=True, falls=True),
    Column("customer", msgid("Customer"), small=True, sorts=True),
    Column("number", msgid("Number"), small=True, sorts=True),
    Column("outcome", msgid("Result"), small=True, sorts=True),
    Column("count", msgid("How often"), small=True, right=True, sorts=True, falls=True),
)


def offered(*, done: bool) -> tuple[Column, ...]:
    """All columns; of what is done one sees how it ended."""
    ended = msgid("Result")
    return tuple(
        replace(one, label=ended, falls=True) if done and one.word == "due" else one
        for one in COLUMNS
    )


def listed(language: Language, tab: str) -> list[Column]:
    """Those of a table on another page."""
    return in_words(offered(done=tab == "done"), language)
