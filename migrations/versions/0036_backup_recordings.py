"""recordings beside backups, where the office wants them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    with op.batch_alter_table("backup_policy") as table:
        table.add_column(
            sa.Column("recordings", sa.Boolean(), nullable=False, server_default=sa.text("0"))
        )
