"""The advanced search and the kept list."""

from __future__ import annotations

from console.capability import Capability, get, post
from console.customer_search import paper, views
from console.web.permissions import Action

capability = Capability(
    word="customer_search",
    routes=(
        get(views.PATH, views.page, "customers"),
        get(f"{views.PATH}/count", views.count, "customers"),
        get(f"{views.PATH}/export", views.export, "customers", Action.EXPORT),
        get(f"{views.PATH}/paper", paper.found, "customers", Action.EXPORT),
        get(f"{views.KEPT}/paper", paper.kept, "customers", Action.EXPORT),
        post(f"{views.PATH}/keep", views.keep, "customers", Action.VIEW),
        post(f"{views.PATH}/by-id", views.by_national_id, "personal-numbers", Action.VIEW),
        get(views.KEPT, views.kept, "customers"),
        get(f"{views.KEPT}/export", views.export_kept, "customers", Action.EXPORT),
        get(f"{views.KEPT}/vcard", views.vcards, "customers", Action.EXPORT),
        post(f"{views.KEPT}/let-go", views.let_go, "customers", Action.VIEW),
    ),
)
