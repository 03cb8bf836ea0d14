"""Presence in the console: the call bar's Away button and the office's settings."""

from __future__ import annotations

from console.agents import settings, views
from console.capability import Capability, MenuEntry, get, post
from console.web.permissions import Action

capability = Capability(
    word="agents",
    entries=(MenuEntry("settings", "/settings/presence", "Away", "person", 81),),
    routes=(
        post("/desk/away", views.away, "desk"),
        post("/desk/wrap-up", views.wrap_up, "desk"),
        post("/desk/rest/decline", views.decline_rest, "desk"),
        get("/settings/presence", settings.shown, "settings"),
        post("/settings/presence", settings.save, "settings"),
        post("/settings/presence/reasons", settings.add, "settings", Action.CREATE),
        post("/settings/presence/reasons/{id}", settings.change, "settings"),
        post("/settings/presence/reasons/{id}/up", settings.up, "settings"),
        post("/settings/presence/reasons/{id}/remove", settings.remove, "settings", Action.DELETE),
    ),
)
