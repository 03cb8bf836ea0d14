"""how each user counts years on Chinese screens"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("years", sa.String(length=10), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("users", "years")
