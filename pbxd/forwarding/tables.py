"""The table of forwardings."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from pbxd.store.metadata import metadata

forwardings = Table(
    "forwardings",
    metadata,
    Column("agent_id", String(26), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("target", String(32), nullable=False),  # an extension, or as the dialplan dials it
)
