"""callers who are no customers, found by what the network called them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    strangers = sa.text("customer_id = '' AND name <> ''")
    op.create_index(
        "ix_calls_stranger",
        "calls",
        ["name"],
        sqlite_where=strangers,
        postgresql_where=strangers,
    )
