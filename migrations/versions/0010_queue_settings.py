"""queue settings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("queues", schema=None) as batch_op:
        for name, default in (("ring_seconds", "20"), ("most_waiting", "0"), ("warn_wait", "30"),
                              ("alarm_wait", "90"), ("last_agent_days", "0")):  # fmt: skip
            batch_op.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default=default)
            )
        batch_op.add_column(
            sa.Column("tells_place", sa.Boolean(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("music", sa.String(length=40), nullable=False, server_default="")
        )
    with op.batch_alter_table("queue_calls", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("left", sa.String(length=10), nullable=False, server_default="")
        )
    op.execute(
        "UPDATE queue_calls SET left ="
        " CASE WHEN answered_by = '' THEN 'abandoned' ELSE 'answered' END"
    )
    with op.batch_alter_table("queues", schema=None) as batch_op:
        for name in ("ring_seconds", "most_waiting", "warn_wait", "alarm_wait", "last_agent_days"):
            batch_op.alter_column(name, server_default=None)
        batch_op.alter_column("tells_place", server_default=None)
        batch_op.alter_column("music", server_default=None)
    with op.batch_alter_table("queue_calls", schema=None) as batch_op:
        batch_op.alter_column("left", server_default=None)
