"""queues"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "queues",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("strategy", sa.String(length=12), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("max_wait", sa.Integer(), nullable=False),
        sa.Column("overflow", sa.String(length=32), nullable=False),
        sa.Column("service_level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_queues")),
    )
    op.create_table(
        "queue_members",
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("queue", "agent_id", name=op.f("pk_queue_members")),
    )
    op.create_table(
        "queue_calls",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("linkedid", sa.String(length=150), nullable=False),
        sa.Column("waited", sa.Float(), nullable=False),
        sa.Column("answered_by", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_calls")),
    )
    with op.batch_alter_table("queue_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_calls_linkedid"), ["linkedid"], unique=False)
        batch_op.create_index("ix_queue_calls_queue", ["queue", "at"], unique=False)
