"""everything about a customer: further fields, the office's codes and own fields"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

TEXTS = {
    "number": 20, "alias": 80, "email": 200, "department": 80, "title": 80, "business_number": 120,
    "business_mark": 32, "address2": 200, "location": 200, "grade": 26, "category": 26,
    "method": 26, "membership": 80, "sex": 1, "birthday": 12, "birth_solar": 10, "wedding": 12,
    "national_id": 120, "national_mark": 32, "referrer": 80, "referrer_phone": 40,
    "registered_on": 10, "left_on": 10,
}  # fmt: skip
INDEXES = {
    "ix_customers_number": ["number", "id"],
    "ix_customers_company": ["company", "id"],
    "ix_customers_grade": ["grade"],
    "ix_customers_category": ["category"],
    "ix_customers_method": ["method"],
    "ix_customers_birth": ["birth_month_day"],
    "ix_customers_born": ["birth_solar"],
    "ix_customers_national": ["national_mark"],
    "ix_customers_business": ["business_mark"],
}


def upgrade() -> None:
    for name, width in TEXTS.items():
        _add(name, sa.String(width), server_default="")
    for name in ("prospect", "no_sms", "no_label"):
        _add(name, sa.Boolean(), server_default=sa.text("0"))
    _add("remarks", sa.Text(), server_default="")
    op.add_column("customers", sa.Column("birth_month_day", sa.Integer(), nullable=True))
    for name in ("groups", "entries", "custom"):
        _add(name, sa.Text(), server_default="[]")
    for name, columns in INDEXES.items():
        op.create_index(name, "customers", columns)
    living = sa.text("number <> '' AND deleted_at IS NULL")
    op.create_index(
        "ux_customers_number",
        "customers",
        ["number"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    _codes()
    _fields()
    _found_by()


def _add(name: str, kind: sa.types.TypeEngine, server_default: object) -> None:  # type: ignore[type-arg]
    column = sa.Column(name, kind, nullable=False, server_default=server_default)
    op.add_column("customers", column)


def _codes() -> None:
    op.create_table(
        "codes",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    op.create_index("ix_codes_list", "codes", ["list", "position"])


def _fields() -> None:
    op.create_table(
        "customer_fields",
        sa.Column("word", sa.String(length=26), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("in_pop", sa.Boolean(), nullable=False),
        sa.Column("searchable", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_customer_fields")),
    )
    op.create_table(
        "customer_options",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_customer_options")),
    )


def _found_by() -> None:
    op.create_table(
        "customer_groups",
        sa.Column("code_id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_groups_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_id", "customer_id", name=op.f("pk_customer_groups")),
    )
    op.create_index("ix_customer_groups_customer", "customer_groups", ["customer_id"])
    op.create_table(
        "customer_values",
        sa.Column("field", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_values_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("field", "customer_id", name=op.f("pk_customer_values")),
    )
    op.create_index("ix_customer_values_text", "customer_values", ["field", "text"])
    op.create_index("ix_customer_values_number", "customer_values", ["field", "number"])
    op.create_index("ix_customer_values_customer", "customer_values", ["customer_id"])
