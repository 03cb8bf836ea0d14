"""The tables of notices."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

notices = Table(
    "notices",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("until", String(10), nullable=False),  # ISO day, the last one in the list; "" no end
    Column("by", String(26), nullable=False),  # user
    Column("at", UtcMs, nullable=False),
    Column("edited_at", UtcMs, nullable=True),
    Column("deleted_at", UtcMs, nullable=True),
    Column("version", Integer, nullable=False),
    Index("ix_notices_list", "pinned", "at", "id"),
)

# For which departments a notice is; one without a row is for everybody.
notice_teams = Table(
    "notice_teams",
    metadata,
    Column("notice_id", String(26), primary_key=True),
    Column("team", String(40), primary_key=True),
)

notice_reads = Table(
    "notice_reads",
    metadata,
    Column("notice_id", String(26), primary_key=True),
    Column("user_id", String(26), primary_key=True),
    Column("at", UtcMs, nullable=False),
)

# In the database and not beside it: a backup is one file and has them too.
notice_files = Table(
    "notice_files",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("notice_id", String(26), nullable=False),
    Column("name", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("ix_notice_files_notice", "notice_id", "id"),
)
