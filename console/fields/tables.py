"""What the office decided about its customers' fields."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from pbxd.store.metadata import metadata

# A row of a standard field is there when something differs from the catalogue.
customer_fields = Table(
    "customer_fields",
    metadata,
    Column("word", String(26), primary_key=True),  # a standard word, or an own field's id
    Column("own", Boolean, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("labels", Text, nullable=False),  # JSON: language → words
    Column("choices", Text, nullable=False),  # JSON list
    Column("used", Boolean, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("in_pop", Boolean, nullable=False),
    Column("searchable", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

customer_options = Table(
    "customer_options",
    metadata,
    Column("word", String(20), primary_key=True),
    Column("value", String(200), nullable=False),
)
