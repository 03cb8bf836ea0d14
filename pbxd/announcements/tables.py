"""The office's own announcements, sound and all: so they are in every backup."""

from __future__ import annotations

from sqlalchemy import Column, Float, LargeBinary, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

announcements = Table(
    "announcements",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("language", String(2), primary_key=True),
    Column("source", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("narrow", LargeBinary, nullable=False),
    Column("wide", LargeBinary, nullable=False),
    Column("changed_at", UtcMs, nullable=False),
    Column("changed_by", String(26), nullable=False),
)
