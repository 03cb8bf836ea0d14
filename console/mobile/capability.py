"""On a phone (S0-01): what a browser needs to install the console; the page without a network."""

from __future__ import annotations

from console.capability import Capability, Route
from console.mobile import views

capability = Capability(
    word="mobile",
    routes=(
        Route("GET", "/app.webmanifest", views.manifest, None),
        Route("GET", "/offline", views.offline, None),
    ),
)
