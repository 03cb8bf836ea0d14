"""What the table of accounts may show, in the office's order."""

from __future__ import annotations

from console.lists.model import Column
from console.web.i18n import msgid

LIST = "users"
COLUMNS = (
    Column("login", msgid("Login name"), small=True, always=True, sorts=True),
    Column("name", msgid("Name"), small=True, sorts=True),
    Column("role", msgid("Role"), small=True, sorts=True),
    Column("department", msgid("Department"), sorts=True),
    Column("title", msgid("Job title"), wide=False, sorts=True),
    Column("rank", msgid("Rank"), wide=False, sorts=True),
    Column("extension", msgid("Extension"), small=True, sorts=True),
    Column("line", msgid("Line number"), wide=False, sorts=True),
    Column("joined", msgid("Joined on"), wide=False, sorts=True, falls=True),
    Column("left", msgid("Left on"), wide=False, sorts=True, falls=True),
    Column("emergency", msgid("In an emergency call"), wide=False, sorts=True),
    Column("state", msgid("State"), sorts=True),
)
