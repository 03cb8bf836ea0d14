"""who may call what, and which number is shown"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "outgoing_rules",
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("also", sa.Text(), nullable=False),
        sa.Column("never", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_outgoing_rules")),
    )
    op.create_table(
        "outgoing_numbers",
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_outgoing_numbers")),
    )
