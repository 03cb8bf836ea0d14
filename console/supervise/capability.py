"""The supervisor's page: all calls, all agents, and what may be done to them."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.supervise import views

capability = Capability(
    word="supervise",
    entries=(MenuEntry("supervise", "/supervise", "Live", "users", 15),),
    routes=(
        get("/supervise", views.page, "supervise"),
        post("/supervise/watch", views.watch, "supervise"),
        post("/supervise/stop", views.stop, "supervise"),
        post("/supervise/take-over", views.take_over, "supervise"),
        post("/supervise/hang-up", views.hang_up, "supervise"),
        post("/supervise/presence", views.presence, "supervise"),
    ),
)
