"""The phonebook (전화번호부, S4-104, S4-105): shared, private, speed dial, on desk phones."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, Route, get, post
from console.phonebook import devices, exchange, views
from console.web.permissions import Action

capability = Capability(
    word="phonebook",
    entries=(MenuEntry("phonebook", "/phonebook", "Phonebook", "people", 35),),
    routes=(
        get("/phonebook", views.page, "phonebook"),
        get("/phonebook/export", exchange.export, "phonebook", Action.EXPORT),
        post("/phonebook", views.save, "phonebook", Action.CREATE),
        post("/phonebook/import", exchange.read_in, "phonebook", Action.EXPORT),
        post("/phonebook/remove", views.remove, "phonebook"),
        post("/phonebook/restore", views.restore, "phonebook"),
        post("/phonebook/update", views.update_phones, "phonebook"),
        post("/phonebook/devices", devices.add, "settings"),
        post("/phonebook/devices/{id}/remove", devices.remove, "settings"),
        Route("GET", "/book/{token}.xml", devices.book, None),
    ),
)
