"""talk limit"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "talk_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("incoming", sa.Boolean(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("warn_seconds", sa.Integer(), nullable=False),
        sa.Column("end_seconds", sa.Integer(), nullable=False),
        sa.Column("extend_seconds", sa.Integer(), nullable=False),
        sa.Column("most_extensions", sa.Integer(), nullable=False),
        sa.Column("at_end", sa.String(length=8), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("exempt_queues", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_rule")),
    )
    op.create_table(
        "talk_limits",
        sa.Column("linkedid", sa.String(length=150), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("linkedid", name=op.f("pk_talk_limits")),
    )
