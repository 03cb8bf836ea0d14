"""To do: callbacks (S4-66 … S4-70), promises (리콜, S4-73 … S4-75) and missed calls."""

from __future__ import annotations

from console.callbacks import api, messages, pane, sheet, views
from console.capability import Capability, MenuEntry, Route, get, post
from console.web.permissions import Action

capability = Capability(
    word="callbacks",
    entries=(MenuEntry("callbacks", "/callbacks", "To do", "out", 12),),
    tabs=(pane.tab,),
    routes=(
        get("/callbacks", views.page, "callbacks"),
        get("/callbacks/export", sheet.export, "callbacks", Action.EXPORT),
        post("/callbacks", views.promise, "callbacks", Action.CREATE),
        post("/callbacks/complete", views.complete, "callbacks"),
        post("/callbacks/complete-all", views.complete_all, "callbacks"),
        post("/callbacks/reopen", views.reopen, "callbacks"),
        post("/callbacks/policy", views.save_policy, "settings"),
        get("/callbacks/{id}/messages/{file}", messages.message, "callbacks"),
        post("/callbacks/{id}/assign", views.assign, "callbacks"),
        Route("POST", "/api/callbacks", api.ask, None),
    ),
)
