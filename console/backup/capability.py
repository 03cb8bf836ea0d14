"""Settings: backups (S1-39, S1-40, S1-42, S1-43, S3-53) and the way back."""

from __future__ import annotations

from console.backup import views
from console.capability import Capability, MenuEntry, get, post

capability = Capability(
    word="backup",
    entries=(MenuEntry("settings", "/settings/backup", "Backup", "shield", 88),),
    routes=(
        get("/settings/backup", views.page, "settings"),
        post("/settings/backup", views.make, "settings"),
        post("/settings/backup/policy", views.save_policy, "settings"),
        post("/settings/backup/{name}/restore", views.restore, "settings"),
        get("/settings/backup/{name}", views.download, "settings"),
    ),
)
