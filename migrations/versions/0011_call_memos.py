"""call memos, screen pop options"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "call_memos",
        sa.Column("call_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_memos")),
    )
    op.create_table(
        "desk_pop_options",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("corner", sa.String(length=16), nullable=False),
        sa.Column("opens", sa.String(length=8), nullable=False),
        sa.Column("notify", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_desk_pop_options")),
    )
