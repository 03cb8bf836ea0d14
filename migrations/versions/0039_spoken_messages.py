"""what a caller said who reached nobody is kept with the recordings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.add_column(
        "recordings", sa.Column("kind", sa.String(8), nullable=False, server_default="talk")
    )
