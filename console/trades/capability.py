"""The office's trade."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.trades import views

capability = Capability(
    word="trades",
    entries=(MenuEntry("settings", views.PATH, "Trade", "shop", 20),),
    routes=(
        get(views.PATH, views.page, "settings"),
        get(f"{views.PATH}/{{word}}", views.preview, "settings"),
        post(f"{views.PATH}/{{word}}", views.apply, "settings"),
        post(f"{views.PATH}/acts/{{id}}/undo", views.undo, "settings"),
    ),
)
