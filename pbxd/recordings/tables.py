"""The tables of recordings."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

recordings = Table(
    "recordings",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("raw", String(200), nullable=False, unique=True),  # the spool's file: taken once
    Column("call_id", String(26), nullable=False),
    Column("channel", String(150), nullable=False),
    Column("started_at", UtcMs, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("file", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("number", String(32), nullable=False),
    Column("customer_id", String(26), nullable=False),
    Column("agent_id", String(26), nullable=False),
    Column("extension", String(8), nullable=False),
    Column("left_db", Float, nullable=False),
    Column("right_db", Float, nullable=False),
    Column("faults", String(60), nullable=False),
    Column("pauses", Text, nullable=False),  # JSON
    Column("on_hold", Boolean, nullable=False),
    Column("deleted_at", UtcMs, nullable=True),
    Column("kind", String(8), nullable=False, server_default="talk"),
    Index("ix_recordings_started", "started_at", "id"),
    Index("ix_recordings_agent", "agent_id", "started_at", "id"),
    Index("ix_recordings_number", "number", "started_at", "id"),
    Index("ix_recordings_customer", "customer_id", "started_at", "id"),
    Index("ix_recordings_call", "call_id"),
    Index("ix_recordings_faults", "faults", "started_at", "id"),
)

recording_peaks = Table(
    "recording_peaks",
    metadata,
    Column("recording_id", String(26), primary_key=True),
    Column("peaks", LargeBinary, nullable=False),
)

recording_uses = Table(
    "recording_uses",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("recording_id", String(26), nullable=False),
    Column("user_id", String(26), nullable=False),  # "" pbxd itself
    Column("at", UtcMs, nullable=False),
    Column("use", String(12), nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_recording_uses_recording", "recording_id", "at"),
)

recording_markers = Table(
    "recording_markers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("recording_id", String(26), nullable=False),
    Column("at_seconds", Float, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String(26), nullable=False),
    Column("written_at", UtcMs, nullable=False),
    Index("ix_recording_markers_recording", "recording_id", "at_seconds"),
)

recording_pauses = Table(
    "recording_pauses",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("channel", String(150), nullable=False),
    Column("begun_at", UtcMs, nullable=False),
    Column("ended_at", UtcMs, nullable=True),
    Column("by", String(26), nullable=False),
    Index("ix_recording_pauses_channel", "channel", "begun_at"),
)

recording_policy = Table(
    "recording_policy",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("incoming", String(8), nullable=False),
    Column("outgoing", String(8), nullable=False),
    Column("internal", String(8), nullable=False),
    Column("say", Boolean, nullable=False),
    Column("keep_days", Integer, nullable=False),
    Column("codec", String(8), nullable=False),
    Column("free_gb", Integer, nullable=False),
    Column("room_days", Integer, nullable=False),
)

recording_specials = Table(
    "recording_specials",
    metadata,
    Column("of", String(8), primary_key=True),  # queue, agent
    Column("subject", String(26), primary_key=True),
    Column("mode", String(8), nullable=False),
)

# Somebody asked during a call that it be kept.
recording_wishes = Table(
    "recording_wishes",
    metadata,
    Column("channel", String(150), primary_key=True),
    Column("at", UtcMs, nullable=False),
    Column("by", String(26), nullable=False),
)
