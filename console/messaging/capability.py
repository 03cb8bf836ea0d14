"""Messages to many customers; sent by the telephone or mail program of who writes."""

from __future__ import annotations

from console.capability import Capability, get
from console.messaging import views
from console.web.permissions import Action

capability = Capability(
    word="messaging",
    routes=(
        get(views.PATH, views.page, "customers", Action.EDIT),
        get(f"{views.PATH}/export", views.export, "customers", Action.EXPORT),
    ),
)
