"""A change made on a screen, written down: who, when, what, before and after."""

from __future__ import annotations

from typing import Any

from console.audit import queries
from console.web.context import Context


async def noted(
    context: Context, what: str, thing_id: str, before: Any = None, after: Any = None
) -> None:
    """After the change, in a transaction of its own."""
    daemon = context.services.daemon
    async with daemon.store.writing() as conn:
        await queries.note(
            conn, daemon.clock(), context.viewer.user.id, what, thing_id, before, after
        )
