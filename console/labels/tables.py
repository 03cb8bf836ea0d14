"""Sheets of the office's own, who prints labels and how, and what the office writes on them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

label_sheets = Table(
    "label_sheets",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("paper_width", Integer, nullable=False),  # lengths: hundredths of a millimetre
    Column("paper_height", Integer, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("top", Integer, nullable=False),
    Column("gap_x", Integer, nullable=False),
    Column("gap_y", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed_at", UtcMs, nullable=True),
)

# What each user printed with last.
label_choices = Table(
    "label_choices",
    metadata,
    Column("user_id", String(26), primary_key=True),
    Column("query", Text, nullable=False),  # as the address has it
    Column("at", UtcMs, nullable=False),
)

# The office as a sender, in words.
label_sender = Table(
    "label_sender",
    metadata,
    Column("word", String(20), primary_key=True),
    Column("value", String(200), nullable=False),
)
