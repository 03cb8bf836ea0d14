"""Pictures of customers (S0-07, S0-15, S3-17)."""

from __future__ import annotations

from console.capability import Capability, get, post
from console.customer_images import section, views
from console.customer_images.model import MENU
from console.customers.rights import reaching
from console.web.permissions import Action

capability = Capability(
    word="customer_images",
    tabs=(section.tab,),
    routes=(
        post("/customers/{id}/images", reaching(views.add, Action.EDIT), MENU),
        get("/customers/{id}/images/{image}", views.shown, MENU),
        get("/customers/{id}/images/{image}/thumb", views.thumb, MENU),
        post("/customers/{id}/images/{image}/main", reaching(views.main, Action.EDIT), MENU),
        post("/customers/{id}/images/{image}/caption", reaching(views.caption, Action.EDIT), MENU),
        post("/customers/{id}/images/{image}/move", reaching(views.move, Action.EDIT), MENU),
        post("/customers/{id}/images/{image}/delete", reaching(views.delete, Action.EDIT), MENU),
        post("/customers/{id}/images/{image}/restore", reaching(views.restore, Action.EDIT), MENU),
    ),
)
