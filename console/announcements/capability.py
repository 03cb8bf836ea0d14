"""Announcements: what callers hear, per language."""

from __future__ import annotations

from console.announcements import views
from console.capability import Capability, MenuEntry, get, post

capability = Capability(
    word="announcements",
    entries=(MenuEntry("settings", "/settings/announcements", "Announcements", "sound", 84),),
    routes=(
        get("/settings/announcements", views.shown, "settings"),
        get("/settings/announcements/{language}/{name}.wav", views.listen, "settings"),
        post("/settings/announcements/{language}/{name}/say", views.say, "settings"),
        post("/settings/announcements/{language}/{name}/record", views.record, "settings"),
        post("/settings/announcements/{language}/{name}/reset", views.reset, "settings"),
    ),
)
