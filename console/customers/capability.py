"""Customers in the console."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, Need, Route, get, post
from console.customers import page, timeline, views
from console.customers.rights import reaching
from console.customers.sections import section_tab
from console.web.permissions import Action

capability = Capability(
    word="customers",
    entries=(MenuEntry("customers", "/customers", "Customers", "people", 20),),
    tabs=(
        timeline.tab,
        section_tab("family", 70),
        section_tab("school", 71),
        section_tab("assets", 72),
    ),
    routes=(
        get("/customers", views.listed, "customers"),
        Route("GET", "/customers/new", views.new, Need("customers", Action.CREATE)),
        get("/customers/quick", views.quick, "customers"),
        get("/customers/same-number", views.same_number, "customers"),
        get("/customers/same-customer", views.same_customer, "customers"),
        post("/customers", views.create, "customers", Action.CREATE),
        get("/customers/{id}", page.shown, "customers"),
        get("/customers/{id}/tabs", page.counts, "customers"),
        get("/customers/{id}/tabs/{word}", page.pane, "customers"),
        get("/customers/{id}/vcard", views.vcard, "customers", Action.EXPORT),
        Route(
            "GET",
            "/customers/{id}/edit",
            reaching(views.edit, Action.EDIT),
            Need("customers", Action.EDIT),
        ),
        post("/customers/{id}", reaching(views.save, Action.EDIT), "customers"),
        post("/customers/{id}/reveal/{word}", views.reveal, "personal-numbers", Action.VIEW),
        post(
            "/customers/{id}/delete",
            reaching(views.delete, Action.DELETE),
            "customers",
            Action.DELETE,
        ),
        post(
            "/customers/{id}/restore",
            reaching(views.restore, Action.DELETE),
            "customers",
            Action.DELETE,
        ),
    ),
)
