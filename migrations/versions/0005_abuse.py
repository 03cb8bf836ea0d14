"""abuse"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "abuse_kinds",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_abuse_kinds")),
    )
    op.create_table(
        "abuse_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_waits", sa.Boolean(), nullable=False),
        sa.Column("block_after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_policy")),
    )
    op.create_table(
        "abuse_incidents",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.String(length=26), nullable=False),
        sa.Column("linkedid", sa.String(length=150), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("announcement", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("heard_whole", sa.Boolean(), nullable=True),
        sa.Column("recording", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_incidents")),
    )
    with op.batch_alter_table("abuse_incidents", schema=None) as batch_op:
        batch_op.create_index("ix_abuse_incidents_at", ["at", "id"], unique=False)
        batch_op.create_index("ix_abuse_incidents_number", ["number", "at"], unique=False)
        batch_op.create_index("ix_abuse_incidents_agent", ["agent_id", "at"], unique=False)
