"""The office's own lists."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.codes import views

capability = Capability(
    word="codes",
    entries=(MenuEntry("settings", "/settings/codes", "Codes", "list", 22),),
    routes=(
        get("/settings/codes", views.page, "settings"),
        post("/settings/codes/{list}", views.add, "settings"),
        post("/settings/codes/{id}/change", views.change, "settings"),
        post("/settings/codes/{id}/remove", views.remove, "settings"),
        post("/settings/codes/{id}/restore", views.restore, "settings"),
    ),
)
