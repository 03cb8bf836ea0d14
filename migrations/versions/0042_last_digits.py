"""telephone numbers by their last four digits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.create_index(
        "ix_customer_phones_ending",
        "customer_phones",
        [sa.text("substr(number, -4)"), "customer_id"],
    )
