"""columns and saved filters of lists; customers sorted by any column"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

_SORTED = (
    "grade", "category", "method", "groups", "title", "department", "membership", "address",
    "email", "sex", "contact_phone", "mobile", "registered_on", "last_contact_at",
    "birth_month_day", "birth_solar",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "list_columns",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "list", name=op.f("pk_list_columns")),
    )
    op.add_column(
        "saved_searches",
        sa.Column("list", sa.String(length=20), nullable=False, server_default="customers"),
    )
    op.drop_index("ix_saved_searches_user", "saved_searches")
    op.create_index("ix_saved_searches_user", "saved_searches", ["user_id", "list", "name"])
    for name in ("contact_phone", "mobile"):
        op.add_column(
            "customers", sa.Column(name, sa.String(length=32), nullable=False, server_default="")
        )
    for name, kinds in (("contact_phone", "NOT IN ('mobile', 'fax')"), ("mobile", "= 'mobile'")):
        op.execute(
            f"UPDATE customers SET {name} = coalesce((SELECT number FROM customer_phones"  # noqa: S608
            f" WHERE customer_id = customers.id AND kind {kinds} ORDER BY position LIMIT 1), '')"
        )
    for name in ("grade", "category", "method", "birth", "born"):
        op.drop_index(f"ix_customers_{name}", "customers")
    for name in _SORTED:
        op.create_index(f"ix_customers_{name}", "customers", [name, "id"])
    for name in ("text", "number"):
        op.drop_index(f"ix_customer_values_{name}", "customer_values")
        op.create_index(
            f"ix_customer_values_{name}", "customer_values", ["field", name, "customer_id"]
        )
