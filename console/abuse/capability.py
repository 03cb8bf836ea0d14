"""Abuse block: the button, the incidents, the file for the police, the office's settings."""

from __future__ import annotations

from console.abuse import listing, settings, views
from console.capability import Capability, MenuEntry, get, post
from console.web.permissions import Action

capability = Capability(
    word="abuse",
    entries=(
        MenuEntry("abuse", "/abuse", "Abuse", "shield", 60),
        MenuEntry("settings", "/settings/abuse", "Abuse block", "shield", 82),
    ),
    routes=(
        post("/desk/abuse", views.block, "desk"),
        get("/abuse", views.incidents, "abuse"),
        get("/abuse/export", listing.export, "abuse", Action.EXPORT),
        get("/abuse/{id}", views.incident, "abuse"),
        get("/settings/abuse", settings.shown, "settings"),
        post("/settings/abuse", settings.save, "settings"),
    ),
)
