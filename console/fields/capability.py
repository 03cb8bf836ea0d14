"""The customer's fields."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.fields import views

capability = Capability(
    word="fields",
    entries=(MenuEntry("settings", views.PATH, "Customer fields", "people", 21),),
    routes=(
        get(views.PATH, views.page, "settings"),
        post(views.PATH, views.add, "settings"),
        post(f"{views.PATH}/options", views.options, "settings"),
        post(f"{views.PATH}/require", views.require, "settings"),
        post(f"{views.PATH}/{{word}}", views.change, "settings"),
        post(f"{views.PATH}/{{word}}/remove", views.remove, "settings"),
        post(f"{views.PATH}/{{word}}/restore", views.restore, "settings"),
    ),
)
