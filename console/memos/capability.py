"""Memos of calls: from the call bar while one talks, and in every list of calls later."""

from __future__ import annotations

from console.capability import Capability, get, post
from console.memos import views

capability = Capability(
    word="memos",
    routes=(
        get("/calls/{id}/memo", views.read, "desk"),
        post("/calls/{id}/memo", views.write, "desk"),
    ),
)
