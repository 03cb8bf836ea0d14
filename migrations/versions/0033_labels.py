"""sheets of labels, what was printed with last, the office as a sender"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

LENGTHS = (
    "paper_width", "paper_height", "columns", "rows", "width", "height", "left", "top",
    "gap_x", "gap_y",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "label_sheets",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in LENGTHS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_sheets")),
    )
    op.create_table(
        "label_choices",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_label_choices")),
    )
    op.create_table(
        "label_sender",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_label_sender")),
    )
