"""The table of codes."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

codes = Table(
    "codes",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("list", String(20), nullable=False),
    Column("name", String(40), nullable=False),
    Column("colour", String(7), nullable=False),  # #rrggbb; "" none
    Column("position", Integer, nullable=False),
    Column("removed_at", UtcMs, nullable=True),  # not offered any more; stays where it is used
    Index("ix_codes_list", "list", "position"),
)
