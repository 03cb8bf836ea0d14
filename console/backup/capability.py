"""Settings: backups (S1-39, S1-40, S1-42, S1-43, S3-53), the way back, all data (S1-44)."""

from __future__ import annotations

from console.backup import exports, views
from console.capability import Capability, MenuEntry, get, post
from console.web.permissions import Action

capability = Capability(
    word="backup",
    entries=(
        MenuEntry("settings", "/settings/backup", "Backup", "shield", 88),
        MenuEntry("settings", "/settings/export", "All data to Excel", "board", 89),
    ),
    routes=(
        get("/settings/backup", views.page, "settings"),
        post("/settings/backup", views.make, "settings"),
        post("/settings/backup/policy", views.save_policy, "settings"),
        post("/settings/backup/{name}/restore", views.restore, "settings"),
        get("/settings/backup/{name}", views.download, "settings"),
        get("/settings/export", exports.page, "backup", Action.EXPORT),
        post("/settings/export", exports.make, "backup", Action.EXPORT),
        post("/settings/export/cancel", exports.cancel, "backup", Action.EXPORT),
        get("/settings/export/{id}", exports.download, "backup", Action.EXPORT),
    ),
)
