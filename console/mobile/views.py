"""The manifest and the page without a network: nothing of the office's data is in either."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from console.web.context import Context

COLOUR = "#173b5a"  # of the line on top
GROUND = "#f3f5f8"
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)


async def manifest(context: Context) -> web.StreamResponse:
    """What the phone calls it, in the language of who installs it."""
    text, office = context.language.text, context.services.daemon.settings.office.name
    static = context.services.static.url
    values = {
        "id": "/",
        "name": f"{office} · {text('Telephone desk')}",
        "short_name": text("Telephone desk"),
        "description": text("Customers, calls and what is to be done, on the phone in your hand."),
        "lang": context.language.html,
        "start_url": "/customers",
        "scope": "/",
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": GROUND,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    response = web.json_response(values, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


async def offline(context: Context) -> web.StreamResponse:
    """What the service worker shows when nothing can be reached: the same for everybody."""
    anonymous = replace(context, viewer_or_none=None)
    response = anonymous.render("mobile/offline.html")
    response.headers["Content-Language"] = context.language.html
    return response
