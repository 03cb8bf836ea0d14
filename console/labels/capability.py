"""Address labels: who prints them takes addresses out, so the right is its own (S3-40 … S3-43)."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.labels import own, views
from console.web.permissions import Action

MENU = "labels"

capability = Capability(
    word=MENU,
    entries=(MenuEntry(MENU, views.PATH, "Labels", "labels", 24),),
    routes=(
        get(views.PATH, views.page, MENU),
        get(f"{views.PATH}/sheets", views.sheets, MENU, Action.EXPORT),
        get(f"{views.PATH}/sheet.css", views.stylesheet, MENU),
        get(own.PATH, own.page, MENU, Action.EDIT),
        post(own.PATH, own.add, MENU),
        post(f"{own.PATH}/sender", own.sender, MENU),
        post(f"{own.PATH}/{{id}}", own.change, MENU),
        post(f"{own.PATH}/{{id}}/remove", own.remove, MENU),
        post(f"{own.PATH}/{{id}}/restore", own.restore, MENU),
    ),
)
