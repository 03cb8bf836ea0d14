"""Service records of customers and their phrases (S3-33 … S3-37)."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.service_records import listing, paper, phrases, section, views
from console.service_records.service import MENU
from console.web.permissions import Action

capability = Capability(
    word="service-records",
    entries=(
        MenuEntry(MENU, "/services", "Service records", "board", 23),
        MenuEntry("settings", phrases.PATH, "Phrases for service records", "note", 25),
    ),
    tabs=(section.tab,),
    routes=(
        get("/services", listing.page, MENU),
        get("/services/print", listing.paper, MENU),
        get("/services/export", listing.export, MENU, Action.EXPORT),
        get("/services/{id}/slip", views.slip, MENU),
        get("/services/{id}/edit", views.edit, MENU, Action.EDIT),
        get("/customers/{id}/services", views.of_customer, MENU),
        get("/customers/{id}/paper", paper.customer, "customers"),
        post("/customers/{id}/services", views.add, MENU, Action.CREATE),
        post("/services/{id}", views.save, MENU),
        post("/services/{id}/delete", views.delete, MENU, Action.DELETE),
        post("/services/{id}/restore", views.restore, MENU, Action.DELETE),
        get(phrases.PATH, phrases.page, "settings"),
        get(f"{phrases.PATH}/print", phrases.paper, "settings"),
        post(phrases.PATH, phrases.add, "settings"),
        post(f"{phrases.PATH}/{{id}}", phrases.change, "settings"),
        post(f"{phrases.PATH}/{{id}}/remove", phrases.remove, "settings"),
        post(f"{phrases.PATH}/{{id}}/restore", phrases.restore, "settings"),
    ),
)
