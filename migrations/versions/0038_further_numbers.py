"""national and business numbers that gave way when two customers were made one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "customer_further_numbers",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column(
            "customer_id",
            sa.String(26),
            sa.ForeignKey("customers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("token", sa.String(120), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index(
        "ix_customer_further_numbers_customer", "customer_further_numbers", ["customer_id"]
    )
    op.create_index("ix_customer_further_numbers_mark", "customer_further_numbers", ["mark"])
