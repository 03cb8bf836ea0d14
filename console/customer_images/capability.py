"""Pictures of customers (S0-07, S0-15, S3-17)."""

from __future__ import annotations

from console.capability import Capability, get, post
from console.customer_images import section, views
from console.customer_images.model import MENU

capability = Capability(
    word="customer_images",
    tabs=(section.tab,),
    routes=(
        post("/customers/{id}/images", views.add, MENU),
        get("/customers/{id}/images/{image}", views.shown, MENU),
        get("/customers/{id}/images/{image}/thumb", views.thumb, MENU),
        post("/customers/{id}/images/{image}/main", views.main, MENU),
        post("/customers/{id}/images/{image}/caption", views.caption, MENU),
        post("/customers/{id}/images/{image}/move", views.move, MENU),
        post("/customers/{id}/images/{image}/delete", views.delete, MENU),
        post("/customers/{id}/images/{image}/restore", views.restore, MENU),
    ),
)
