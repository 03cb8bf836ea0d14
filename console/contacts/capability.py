"""Contacts of a telephone taken over as customers, several at once (S0-16)."""

from __future__ import annotations

from console.capability import Capability, Need, Route, post
from console.contacts import views
from console.web.permissions import Action

capability = Capability(
    word="contacts",
    routes=(
        Route("GET", views.PATH, views.start, Need("customers", Action.CREATE)),
        post(f"{views.PATH}/look", views.look, "customers", Action.CREATE),
        post(views.PATH, views.take, "customers", Action.CREATE),
    ),
)
