"""Customers, their numbers, and which of several a number was taken for last."""

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
)
from sqlalchemy import (
    text as sql,
)

from pbxd.store.metadata import metadata
from pbxd.store.types import UtcMs

_LIVING = sql("number <> '' AND deleted_at IS NULL")


def _texts(**widths: int) -> list[Column[str]]:
    """Texts that came after the first version: empty, not null."""
    return [
        Column(name, String(width), nullable=False, server_default="")
        for name, width in widths.items()
    ]


def _flags(*names: str) -> list[Column[bool]]:
    return [Column(name, Boolean, nullable=False, server_default=sql("0")) for name in names]


def _sorted_by(*names: str) -> list[Index]:
    """By its columns a list of customers is sorted, and found."""
    return [Index(f"ix_customers_{name}", name, "id") for name in names]


# SQLite holds no text to its width: what counts is a field's `longest` (console/fields/model.py)
customers = Table(
    "customers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("company", String(80), nullable=False),
    Column("postcode", String(10), nullable=False),
    Column("address", String(200), nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("caution", Boolean, nullable=False),
    Column("memo", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Column("created_by", String(26), nullable=False, server_default=""),  # "" the program itself
    Column("updated_at", UtcMs, nullable=False),
    Column("last_contact_at", UtcMs, nullable=True),
    Column("deleted_at", UtcMs, nullable=True),
    *_texts(number=20, alias=80, email=200, department=80, title=80, business_number=120),
    *_texts(business_mark=32, address2=200, location=200, grade=26, category=26, method=26),
    *_texts(membership=80, sex=1, birthday=12, birth_solar=10, wedding=12, national_id=120),
    *_texts(national_mark=32, referrer=80, referrer_phone=40, registered_on=10, left_on=10),
    # the first number that is neither mobile nor fax, and the first mobile: to sort by (S3-27)
    *_texts(contact_phone=32, mobile=32),
    *_flags("prospect", "no_sms", "no_label"),
    Column("remarks", Text, nullable=False, server_default=""),
    Column("birth_month_day", Integer, nullable=True),  # 305, as counted in its calendar
    Column("wedding_month_day", Integer, nullable=True),
    Column("groups", Text, nullable=False, server_default="[]"),  # JSON; customer_groups to find by
    Column("entries", Text, nullable=False, server_default="[]"),  # JSON
    Column("custom", Text, nullable=False, server_default="[]"),  # JSON; customer_values to find by
    Index("ix_customers_name", "name", "id"),
    Index("ix_customers_updated", "updated_at", "id"),
    Index(
        "ux_customers_number", "number", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING
    ),
    Index("ix_customers_number", "number", "id"),
    Index("ix_customers_company", "company", "id"),
    *_sorted_by("grade", "category", "method", "groups", "title", "department", "membership"),
    *_sorted_by("address", "email", "sex", "contact_phone", "mobile", "registered_on"),
    *_sorted_by("last_contact_at", "birth_month_day", "birth_solar", "wedding_month_day"),
    Index("ix_customers_national", "national_mark"),
    Index("ix_customers_business", "business_mark"),
)

customer_phones = Table(
    "customer_phones",
    metadata,
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("position", Integer, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("memo", String(200), nullable=False),
    Index("ix_customer_phones_number", "number", "customer_id"),
    Index("ix_customer_phones_ending", sql("substr(number, -4)"), "customer_id"),
)

customer_groups = Table(
    "customer_groups",
    metadata,
    Column("code_id", String(26), primary_key=True),
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    ),
    Index("ix_customer_groups_customer", "customer_id"),
)

# Own fields' values once more, to find by: numbers, money and days are compared as numbers.
customer_values = Table(
    "customer_values",
    metadata,
    Column("field", String(26), primary_key=True),
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("text", String(500), nullable=False),
    Column("number", Float, nullable=True),
    Index("ix_customer_values_text", "field", "text", "customer_id"),
    Index("ix_customer_values_number", "field", "number", "customer_id"),
    Index("ix_customer_values_customer", "customer_id"),
)

number_choices = Table(
    "number_choices",
    metadata,
    Column("number", String(32), primary_key=True),
    Column(
        "customer_id", String(26), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False
    ),
    Column("chosen_at", UtcMs, nullable=False),
)
