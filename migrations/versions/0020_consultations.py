"""consultations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "consultation_types",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_types")),
    )
    op.create_index(
        "ux_consultation_types_name", "consultation_types", ["level", "name"], unique=True
    )
    op.create_table(
        "consultations",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("call_id", sa.String(length=26), nullable=False),
        sa.Column("type1", sa.String(length=26), nullable=False),
        sa.Column("type2", sa.String(length=26), nullable=False),
        sa.Column("type3", sa.String(length=26), nullable=False),
        sa.Column("remarks", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_by", sa.String(length=26), nullable=False),
        sa.Column("recall_at", sa.BigInteger(), nullable=True),
        sa.Column("recall_reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("recall_done_at", sa.BigInteger(), nullable=True),
        sa.Column("recall_done_by", sa.String(length=26), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    for name, columns in {
        "customer": ["customer_id", "at", "id"],
        "at": ["at", "id"],
        "by": ["by", "at", "id"],
        "open": ["completed_at", "at", "id"],
        "recall": ["recall_done_at", "recall_at"],
        "call": ["call_id"],
    }.items():
        op.create_index(f"ix_consultations_{name}", "consultations", columns)
    op.create_table(
        "consultation_parts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_parts")),
    )
    op.create_index(
        "ix_consultation_parts_case", "consultation_parts", ["consultation_id", "at", "id"]
    )
