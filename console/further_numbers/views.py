"""Further numbers on the customer's page."""

from __future__ import annotations

from aiohttp import web

from console.web.context import Context


async def reveal(context: Context) -> web.StreamResponse:
    """One, whole; who looked is written down."""
    id, number = context.request.match_info["id"], context.request.match_info["number"]
    whole = await context.services.further.reveal(id, number, context.viewer.user.id)
    return web.Response(text=whole, headers={"Cache-Control": "no-store"})


async def remove(context: Context) -> web.StreamResponse:
    """One is not kept any more."""
    id, number = context.request.match_info["id"], context.request.match_info["number"]
    await context.services.further.remove(id, number, context.viewer.user.id)
    return context.go(f"/customers/{id}")
