"""Scheduled calls (예약콜, S1-12 … S1-21): list, history, a form with the manual's presets."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.scheduled import sheet, views
from console.web.permissions import Action

capability = Capability(
    word="scheduled",
    entries=(MenuEntry("scheduled", "/scheduled", "Scheduled calls", "clock", 40),),
    routes=(
        get("/scheduled", views.page, "scheduled"),
        get("/scheduled/export", sheet.export, "scheduled", Action.EXPORT),
        post("/scheduled", views.add, "scheduled"),
        get("/scheduled/{id}", views.edit, "scheduled"),
        post("/scheduled/{id}", views.change, "scheduled"),
        post("/scheduled/{id}/cancel", views.cancel, "scheduled"),
        post("/scheduled/{id}/restore", views.restore, "scheduled"),
    ),
)
