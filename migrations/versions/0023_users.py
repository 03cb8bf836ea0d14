"""who people are, and what one may besides one's role"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for name, length in (
        ("department", 40),
        ("title", 40),
        ("rank", 40),
        ("joined_on", 10),
        ("left_on", 10),
        ("emergency", 80),
    ):
        op.add_column(
            "users", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    op.create_table(
        "user_grants",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("menu", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_grants_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "menu", "action", name=op.f("pk_user_grants")),
    )
