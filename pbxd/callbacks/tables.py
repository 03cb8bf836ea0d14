"""The tables of callbacks."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

_OPEN = text("closed_at IS NULL AND number <> ''")

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(32), nullable=False),
    Column("source", String(10), nullable=False),
    Column("asked_at", UtcMs, nullable=False),
    Column("last_at", UtcMs, nullable=False),
    Column("count", Integer, nullable=False),
    Column("line", String(32), nullable=False),
    Column("queue", String(40), nullable=False),
    Column("language", String(10), nullable=False),
    Column("message", String(120), nullable=False),
    Column("note", Text, nullable=False),
    Column("agent_id", String(26), nullable=False),
    Column("due_at", UtcMs, nullable=True),
    Column("tries", Integer, nullable=False),
    Column("last_try_at", UtcMs, nullable=True),
    Column("last_result", String(12), nullable=False),
    Column("dialling_by", String(26), nullable=False),
    Column("dialling_until", UtcMs, nullable=True),
    Column("closed_at", UtcMs, nullable=True),
    Column("closed_by", String(26), nullable=False),
    Column("ending", String(10), nullable=True),
    Column("version", Integer, nullable=False),
    # one open item a caller
    Index("ux_callbacks_open", "number", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_callbacks_closed", "closed_at", "asked_at", "id"),
    Index("ix_callbacks_number", "number", "asked_at"),
)

callback_requests = Table(
    "callback_requests",
    metadata,
    Column("key", String(80), primary_key=True),  # each wish counts once
    Column("callback_id", String(26), nullable=False),
    Column("source", String(10), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("message", String(120), nullable=False),
    Index("ix_callback_requests_callback", "callback_id", "at"),
)

callback_policy = Table(
    "callback_policy",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("hours", Boolean, nullable=False),
    Column("nobody", Boolean, nullable=False),
    Column("queue", Boolean, nullable=False),
    Column("missed", Boolean, nullable=False),
    Column("abandoned", Boolean, nullable=False),
    Column("close_when_reached", Boolean, nullable=False),
    Column("hand_over_minutes", Integer, nullable=False),
)
