"""The way to the settings pages, so that the menu holds what one works with."""

from __future__ import annotations

from aiohttp import web

from console.capability import Capability, MenuEntry, get
from console.web.context import Context


async def shown(context: Context) -> web.StreamResponse:
    """All settings pages."""
    return context.render("settings/page.html")


capability = Capability(
    word="settings",
    entries=(MenuEntry("settings", "/settings", "Settings", "settings", 95, index=True),),
    routes=(get("/settings", shown, "settings"),),
)
