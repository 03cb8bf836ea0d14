"""Extensions (S4-24) and my phone (S1-22)."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.extensions import phone, views

capability = Capability(
    word="extensions",
    entries=(
        MenuEntry("extensions", "/extensions", "Extensions", "phone", 78),
        MenuEntry("desk", "/phone", "My phone", "phone", 70),
    ),
    routes=(
        get("/extensions", views.page, "extensions"),
        post("/extensions", views.add, "extensions"),
        post("/extensions/close", views.close, "extensions"),
        post("/extensions/{id}", views.change, "extensions"),
        post("/extensions/{id}/reopen", views.reopen, "extensions"),
        get("/phone", phone.page, "desk"),
        post("/phone", phone.save, "desk"),
        post("/phone/pops", phone.pops, "desk"),
    ),
)
