"""two who change one entry of the phonebook"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column(
        "phonebook", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
