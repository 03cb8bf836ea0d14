"""wedding days are found by month and day, as birthdays are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("customers", sa.Column("wedding_month_day", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE customers SET wedding_month_day ="
        " CAST(substr(wedding, 6, 2) || substr(wedding, 9, 2) AS INTEGER) WHERE wedding <> ''"
    )
    op.create_index("ix_customers_wedding_month_day", "customers", ["wedding_month_day", "id"])
