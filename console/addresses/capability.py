"""The address finder (S1-04) and its postcode table."""

from __future__ import annotations

from console.addresses import views
from console.capability import Capability, MenuEntry, get, post

capability = Capability(
    word="addresses",
    entries=(MenuEntry("settings", views.PAGE, "Postcodes", "search", 79),),
    routes=(
        get("/addresses/find", views.find, "customers"),
        get(views.PAGE, views.page, "settings"),
        post(f"{views.PAGE}/package", views.build, "settings"),
        post(f"{views.PAGE}/file", views.upload, "settings"),
        post(f"{views.PAGE}/cancel", views.cancel, "settings"),
    ),
)
