"""recordings by queue, by agent, on demand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.rename_table("recording_policy", "recording_policy_old")
    op.create_table(
        "recording_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incoming", sa.String(length=8), nullable=False),
        sa.Column("outgoing", sa.String(length=8), nullable=False),
        sa.Column("internal", sa.String(length=8), nullable=False),
        sa.Column("say", sa.Boolean(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("codec", sa.String(length=8), nullable=False),
        sa.Column("free_gb", sa.Integer(), nullable=False),
        sa.Column("room_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_policy")),
    )
    op.execute(
        "INSERT INTO recording_policy SELECT id,"
        " CASE WHEN incoming THEN 'always' ELSE 'never' END,"
        " CASE WHEN outgoing THEN 'always' ELSE 'never' END,"
        " 'never', say, keep_days, codec, free_gb, 0 FROM recording_policy_old"
    )
    op.drop_table("recording_policy_old")
    op.create_table(
        "recording_specials",
        sa.Column("of", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=26), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("of", "subject", name=op.f("pk_recording_specials")),
    )
    op.create_table(
        "recording_wishes",
        sa.Column("channel", sa.String(length=150), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_recording_wishes")),
    )
