"""The notice board (공지사항, S0-56)."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.notices import sheet, views
from console.web.permissions import Action

capability = Capability(
    word="notices",
    entries=(MenuEntry("notices", "/notices", "Notices", "megaphone", 14),),
    routes=(
        get("/notices", views.listed, "notices"),
        get("/notices/new", views.new, "notices", Action.CREATE),
        post("/notices", views.create, "notices", Action.CREATE),
        get("/notices/{id}", views.shown, "notices"),
        get("/notices/{id}/edit", views.edit, "notices", Action.EDIT),
        post("/notices/read", views.read_all, "notices", Action.VIEW),
        post("/notices/{id}", views.save, "notices"),
        post("/notices/{id}/delete", views.delete, "notices", Action.DELETE),
        post("/notices/{id}/restore", views.restore, "notices", Action.DELETE),
        get("/notices/{id}/readers", sheet.export, "notices", Action.EXPORT),
        get("/notices/{id}/files/{file}", views.download, "notices"),
    ),
)
