"""The tables of the phonebook."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

phonebook = Table(
    "phonebook",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("owner_id", String(26), nullable=False),  # "" everybody's
    Column("name", String(80), nullable=False),
    Column("number", String(32), nullable=False),
    Column("group", String(40), nullable=False),
    Column("speed", String(3), nullable=False),
    Column("memo", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("removed_at", UtcMs, nullable=True),
    Index("ix_phonebook_owner", "owner_id", "name"),
)

phonebook_devices = Table(
    "phonebook_devices",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("extension", String(8), nullable=False),
    Column("format", String(12), nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Column("last_at", UtcMs, nullable=True),
)
