"""Waiting queues: the wallboard, logging in and out, the office's settings."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.queues import views
from console.web.permissions import Action

capability = Capability(
    word="queues",
    entries=(
        MenuEntry("wallboard", "/wallboard", "Wallboard", "board", 16),
        MenuEntry("desk", "/queues", "Queues", "users", 42),
    ),
    routes=(
        get("/wallboard", views.wallboard, "wallboard"),
        get("/queues", views.page, "desk"),
        post("/queues/here", views.here, "desk"),
        post("/queues", views.save, "queues"),
        post("/queues/remove", views.remove, "queues", Action.DELETE),
    ),
)
