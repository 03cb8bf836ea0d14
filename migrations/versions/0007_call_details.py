"""call details: handovers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "call_handovers",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("linkedid", sa.String(length=150), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_handovers")),
    )
    with op.batch_alter_table("call_handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_handovers_linkedid"), ["linkedid"], unique=False)
