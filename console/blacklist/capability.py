"""Refused numbers: the list, one click from a call, what would have been refused, in and out."""

from __future__ import annotations

from console.blacklist import exchange, sheet, views
from console.capability import Capability, MenuEntry, get, post
from console.web.permissions import Action

capability = Capability(
    word="blacklist",
    entries=(MenuEntry("blacklist", "/blacklist", "Refused numbers", "block", 58),),
    routes=(
        get("/blacklist", views.page, "blacklist"),
        get("/blacklist/trial", views.trial, "blacklist"),
        get("/blacklist/export", exchange.export, "blacklist", Action.EXPORT),
        get("/blacklist/excel", sheet.excel, "blacklist", Action.EXPORT),
        post("/blacklist/import", exchange.read_in, "blacklist", Action.EXPORT),
        post("/blacklist", views.add, "blacklist", Action.CREATE),
        post("/blacklist/quick", views.quick, "blacklist", Action.CREATE),
        post("/blacklist/remove", views.remove, "blacklist", Action.DELETE),
        post("/blacklist/restore", views.restore, "blacklist", Action.DELETE),
        post("/blacklist/update", views.update_phones, "blacklist"),
        post("/blacklist/policy", views.save_policy, "settings"),
        post("/blacklist/{id}", views.change, "blacklist"),
    ),
)
