"""The table of customers' pictures."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table
from sqlalchemy import text as sql

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

_MAIN = sql("kind = 'main' AND deleted_at IS NULL")

# In the database and not beside it: a backup is one file and has them too.
customer_images = Table(
    "customer_images",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("customer_id", String(26), nullable=False),
    Column("kind", String(10), nullable=False),  # main, related
    Column("position", Integer, nullable=False),
    Column("caption", String(200), nullable=False),
    Column("width", Integer, nullable=False),  # pixels
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # bytes of the picture
    Column("by", String(26), nullable=False),  # user
    Column("at", UtcMs, nullable=False),
    Column("deleted_at", UtcMs, nullable=True),
    # last: SQLite reads a row up to what is asked for
    Column("thumb", LargeBinary, nullable=False),  # JPEG
    Column("picture", LargeBinary, nullable=False),  # JPEG
    Index("ix_customer_images_customer", "customer_id", "position", "id"),
    Index(
        "ux_customer_images_main",
        "customer_id",
        unique=True,
        sqlite_where=_MAIN,
        postgresql_where=_MAIN,
    ),
    # two customers made one: both may have had a main one (console/belongings)
    info={"yields": ("kind", "main", "related")},
)
