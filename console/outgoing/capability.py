"""Settings: who may call what."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.outgoing import views

capability = Capability(
    word="outgoing",
    entries=(MenuEntry("settings", "/outgoing", "Outgoing calls", "out", 58),),
    routes=(
        get("/outgoing", views.page, "settings"),
        post("/outgoing/{role}", views.save, "settings"),
    ),
)
