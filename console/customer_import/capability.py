"""Customers out of files."""

from __future__ import annotations

from console.capability import Capability, Need, Route, post
from console.customer_import import views
from console.web.permissions import Action

_READ_IN = Need("customer-tools", Action.CREATE)

capability = Capability(
    word="customer_import",
    routes=(
        Route("GET", views.PATH, views.start, _READ_IN),
        Route("GET", f"{views.PATH}/form", views.form, _READ_IN),
        post(views.PATH, views.send, "customer-tools", Action.CREATE),
        Route("GET", f"{views.PATH}/{{id}}", views.page, _READ_IN),
        post(f"{views.PATH}/{{id}}", views.plan, "customer-tools", Action.CREATE),
        post(f"{views.PATH}/{{id}}/cancel", views.cancel, "customer-tools", Action.CREATE),
        post(f"{views.PATH}/{{id}}/go-on", views.go_on, "customer-tools", Action.CREATE),
        Route("GET", f"{views.PATH}/{{id}}/wrong", views.wrong, _READ_IN),
    ),
)
