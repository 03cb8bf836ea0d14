"""presence: reasons to be away, periods, settings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pbxd.store.metadata import new_id

revision = "0002"
down_revision = "0001"

# word, minutes, the rest after an abusive call; an office changes them as it likes
FIRST = (
    ("break", 15, True),
    ("meal", 60, False),
    ("meeting", None, False),
    ("training", None, False),
    ("other", None, False),
)


def upgrade() -> None:
    reasons = op.create_table(
        "presence_reasons",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("rest", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_reasons")),
        sa.UniqueConstraint("word", name=op.f("uq_presence_reasons_word")),
    )
    op.bulk_insert(
        reasons,
        [
            {"id": new_id(), "word": word, "name": "", "minutes": minutes, "rest": rest,
             "position": place, "retired": False}
            for place, (word, minutes, rest) in enumerate(FIRST)
        ],
    )  # fmt: skip
    op.create_table(
        "presence_periods",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason_id", sa.String(length=26), nullable=True),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("by_user_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_presence_periods_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"],
            ["presence_reasons.id"],
            name=op.f("fk_presence_periods_reason_id_presence_reasons"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_periods")),
    )
    op.create_index(
        "ix_presence_periods_agent_id_began_at", "presence_periods", ["agent_id", "began_at"]
    )
    op.create_index("ix_presence_periods_ended_at", "presence_periods", ["ended_at"])
    op.create_table(
        "presence_settings",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_presence_settings")),
    )
