"""Changes to many customers."""

from __future__ import annotations

from console.batches import views
from console.capability import Capability, get, post
from console.web.permissions import Action

capability = Capability(
    word="batches",
    routes=(
        get(views.PATH, views.page, "customer-tools"),
        get(f"{views.PATH}/delete", views.preview, "customer-tools", Action.DELETE),
        post(f"{views.PATH}/delete", views.delete, "customer-tools", Action.DELETE),
        post(f"{views.PATH}/batches/{{id}}/stop", views.stop, "customer-tools", Action.DELETE),
        post(f"{views.PATH}/batches/{{id}}/undo", views.undo, "customer-tools"),
    ),
)
