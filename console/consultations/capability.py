"""Consultations (S0-43, S4-39 … S4-44, S4-71 … S4-75, S4-90 … S4-93) and their types (S4-09)."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.consultations import history, types, views
from console.consultations.panes import TABS
from console.web.permissions import Action

capability = Capability(
    word="consultations",
    entries=(
        MenuEntry("consultation-log", "/consultations", "Consultations", "note", 22),
        MenuEntry("settings", "/settings/consultation-types", "Consultation types", "note", 24),
    ),
    tabs=TABS,
    routes=(
        get("/consultations", history.page, "consultation-log"),
        get("/consultations/summary", history.summary, "consultation-log"),
        get("/consultations/export", history.export, "consultation-log", Action.EXPORT),
        post("/customers/{id}/consultations", views.write, "consultations", Action.CREATE),
        post("/consultations/{id}/parts", views.add, "consultations", Action.CREATE),
        post("/consultations/parts/{part}", views.edit, "consultations"),
        post("/consultations/{id}/complete", views.complete, "consultations", Action.CREATE),
        post("/consultations/{id}/recall", views.recall, "consultations", Action.CREATE),
        post("/consultations/{id}/delete", views.delete, "consultations", Action.DELETE),
        post("/consultations/{id}/restore", views.restore, "consultations", Action.DELETE),
        get("/settings/consultation-types", types.page, "settings"),
        post("/settings/consultation-types", types.add, "settings"),
        post("/settings/consultation-types/{id}", types.change, "settings"),
        post("/settings/consultation-types/{id}/remove", types.remove, "settings"),
    ),
)
