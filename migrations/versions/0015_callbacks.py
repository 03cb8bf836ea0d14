"""callbacks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_try_at", sa.BigInteger(), nullable=True),
        sa.Column("last_result", sa.String(length=12), nullable=False),
        sa.Column("dialling_by", sa.String(length=26), nullable=False),
        sa.Column("dialling_until", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=26), nullable=False),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
    )
    open_items = sa.text("closed_at IS NULL AND number <> ''")
    op.create_index(
        "ux_callbacks_open",
        "callbacks",
        ["number"],
        unique=True,
        sqlite_where=open_items,
        postgresql_where=open_items,
    )
    op.create_index("ix_callbacks_closed", "callbacks", ["closed_at", "asked_at", "id"])
    op.create_index("ix_callbacks_number", "callbacks", ["number", "asked_at"])
    op.create_table(
        "callback_requests",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("callback_id", sa.String(length=26), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_callback_requests")),
    )
    op.create_index("ix_callback_requests_callback", "callback_requests", ["callback_id", "at"])
    op.create_table(
        "callback_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Boolean(), nullable=False),
        sa.Column("nobody", sa.Boolean(), nullable=False),
        sa.Column("queue", sa.Boolean(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("abandoned", sa.Boolean(), nullable=False),
        sa.Column("close_when_reached", sa.Boolean(), nullable=False),
        sa.Column("hand_over_minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_policy")),
    )
