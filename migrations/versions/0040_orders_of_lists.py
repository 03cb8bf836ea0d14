"""scheduled calls by their time, the log by who did it and by what was done"""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_index("ix_scheduled_calls_due", "scheduled_calls", ["due_at", "id"])
    op.create_index("ix_audit_what", "audit", ["what", "at", "id"])
    op.create_index("ix_audit_user", "audit", ["user_id", "what", "at", "id"])
