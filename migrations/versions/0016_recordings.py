"""recordings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("raw", sa.String(length=200), nullable=False),
        sa.Column("call_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=150), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("left_db", sa.Float(), nullable=False),
        sa.Column("right_db", sa.Float(), nullable=False),
        sa.Column("faults", sa.String(length=60), nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("raw", name=op.f("uq_recordings_raw")),
    )
    op.create_index("ix_recordings_started", "recordings", ["started_at", "id"])
    op.create_index("ix_recordings_agent", "recordings", ["agent_id", "started_at", "id"])
    op.create_index("ix_recordings_number", "recordings", ["number", "started_at", "id"])
    op.create_index("ix_recordings_customer", "recordings", ["customer_id", "started_at", "id"])
    op.create_index("ix_recordings_call", "recordings", ["call_id"])
    op.create_index("ix_recordings_faults", "recordings", ["faults", "started_at", "id"])
    op.create_table(
        "recording_peaks",
        sa.Column("recording_id", sa.String(length=26), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording_peaks")),
    )
    op.create_table(
        "recording_uses",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recording_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("use", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_uses")),
    )
    op.create_index("ix_recording_uses_recording", "recording_uses", ["recording_id", "at"])
    op.create_table(
        "recording_markers",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recording_id", sa.String(length=26), nullable=False),
        sa.Column("at_seconds", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_markers")),
    )
    op.create_index(
        "ix_recording_markers_recording", "recording_markers", ["recording_id", "at_seconds"]
    )
    op.create_table(
        "recording_pauses",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=150), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_pauses")),
    )
    op.create_index("ix_recording_pauses_channel", "recording_pauses", ["channel", "begun_at"])
    op.create_table(
        "recording_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incoming", sa.Boolean(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("say", sa.Boolean(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("codec", sa.String(length=8), nullable=False),
        sa.Column("free_gb", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_policy")),
    )
    op.create_index("ix_call_legs_uniqueid", "call_legs", ["uniqueid"])
