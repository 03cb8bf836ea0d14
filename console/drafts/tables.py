"""Drafts of forms, each its writer's own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

drafts = Table(
    "drafts",
    metadata,
    Column("user_id", String(26), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("form", String(80), primary_key=True),  # as `data-draft` names it
    Column("fields", Text, nullable=False),  # JSON: (name, value) in the form's order
    Column("at", UtcMs, nullable=False),
)
