"""Accounts: their line, passwords that were given; kept sessions; who registered a customer

Departments, titles and ranks are chosen from the office's lists now: what was typed joins them.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    text, no = sa.String(length=32), sa.false()
    op.add_column("users", sa.Column("line", text, nullable=False, server_default=""))
    op.add_column("users", sa.Column("issued", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("sessions", sa.Column("kept", sa.Boolean(), nullable=False, server_default=no))
    op.add_column(
        "customers", sa.Column("created_by", sa.String(26), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE customers SET created_by = coalesce((SELECT user_id FROM audit "
        "WHERE thing_id = customers.id AND what = 'customer.create' ORDER BY at LIMIT 1), '')"
    )
    for column in ("department", "title", "rank"):
        _into_the_list(column)


def _into_the_list(word: str) -> None:
    """Codes for the texts that no code has; several spellings of one differ only in case."""
    conn = op.get_bind()
    users, codes = sa.table("users", sa.column(word)), _codes()
    names = conn.execute(sa.select(codes.c.name, codes.c.position).where(codes.c.list == word))
    known = {row.name.casefold(): row.position for row in names}
    texts = conn.execute(sa.select(users.c[word]).where(users.c[word] != "").distinct())
    for text in sorted(row[0] for row in texts):
        if text.casefold() in known:
            continue
        known[text.casefold()] = position = max(known.values(), default=0) + 10
        conn.execute(
            sa.insert(codes).values(
                id=secrets.token_hex(13), list=word, name=text, colour="", position=position
            )
        )


def _codes() -> sa.TableClause:
    columns = ("id", "list", "name", "colour", "position")
    return sa.table("codes", *(sa.column(name) for name in columns))
