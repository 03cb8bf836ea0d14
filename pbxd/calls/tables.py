"""The history of calls: one row a call, and its legs."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

_STRANGER = sql("customer_id = '' AND name <> ''")

calls = Table(
    "calls",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("node", String(32), nullable=False),
    Column("linkedid", String(150), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("number", String(32), nullable=False),  # the outside party, E.164 or short; "" hidden
    Column("number_reversed", String(32), nullable=False),  # for "ends with"
    Column("number_raw", String(80), nullable=False),  # as Asterisk gave it
    Column("name", String(160), nullable=False),  # the outside party's, as the network said
    Column("withheld", Boolean, nullable=False),
    Column("customer_id", String(26), nullable=False),
    Column("dialled", String(80), nullable=False),  # the DID, or the number that was called
    Column("trunk", String(80), nullable=False),
    Column("agent_id", String(26), nullable=False),
    Column("extension", String(8), nullable=False),
    Column("other_extension", String(8), nullable=False),  # an internal call's other end
    Column("clicked", Boolean, nullable=False),
    Column("started_at", UtcMs, nullable=False),
    Column("rang_at", UtcMs, nullable=True),
    Column("answered_at", UtcMs, nullable=True),
    Column("ended_at", UtcMs, nullable=False),
    Column("end_known", Boolean, nullable=False),
    Column("ring_seconds", Float, nullable=False),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("cause", Integer, nullable=False),
    Column("reason", String(12), nullable=False),  # why nobody answered; "" none
    Column("note", Text, nullable=False),
    UniqueConstraint("node", "linkedid"),
    Index("ix_calls_started_at", "started_at", "id"),
    Index("ix_calls_direction", "direction", "started_at", "id"),
    Index("ix_calls_agent", "agent_id", "started_at", "id"),
    Index("ix_calls_outcome", "outcome", "started_at", "id"),
    Index("ix_calls_customer", "customer_id", "started_at", "id"),
    Index("ix_calls_stranger", "name", sqlite_where=_STRANGER, postgresql_where=_STRANGER),
    Index("ix_calls_number", "number", "started_at", "id"),
    Index("ix_calls_number_reversed", "number_reversed", "started_at", "id"),
)

call_legs = Table(
    "call_legs",
    metadata,
    Column("call_id", String(26), ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("uniqueid", String(150), nullable=False),
    Column("endpoint", String(80), nullable=False),
    Column("extension", String(8), nullable=False),
    Column("number", String(80), nullable=False),
    Column("originator", Boolean, nullable=False),
    Column("started_at", UtcMs, nullable=False),
    Column("rang_at", UtcMs, nullable=True),
    Column("answered_at", UtcMs, nullable=True),
    Column("ended_at", UtcMs, nullable=True),
    Column("hold_seconds", Float, nullable=False),
    Column("cause", Integer, nullable=False),
    Column("dial_status", String(16), nullable=False),
    Index("ix_call_legs_uniqueid", "uniqueid"),
)

cel_cursors = Table(
    "cel_cursors",
    metadata,
    Column("file", String(400), primary_key=True),
    Column("inode", Integer, nullable=False),
    Column("offset", Integer, nullable=False),
)
