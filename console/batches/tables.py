"""Changes to many customers at once, and what each customer was before."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

customer_batches = Table(
    "customer_batches",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("kind", String(10), nullable=False),  # delete, import, merge
    Column("name", String(200), nullable=False),  # a file's name
    Column("by", String(26), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("ended_at", UtcMs, nullable=True),  # none: it goes on, or was cut short
    Column("undone_at", UtcMs, nullable=True),
    Column("undone_by", String(26), nullable=False),
    Index("ix_customer_batches_at", "at", "id"),
)

customer_batch_items = Table(
    "customer_batch_items",
    metadata,
    Column(
        "batch_id",
        String(26),
        ForeignKey("customer_batches.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("customer_id", String(26), primary_key=True),
    Column("what", String(8), nullable=False),  # created, changed, deleted
    Column("version", Integer, nullable=False),  # which the batch left behind
    Column("before", Text, nullable=False),  # JSON of what was changed; "" none
    Column("moved", Text, nullable=False),  # JSON: what a merge took to another: table → ids
    Index("ix_customer_batch_items_customer", "customer_id"),
)
