"""Long-call protection: the call bar's two buttons and the office's rule."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.talk_limit import views

capability = Capability(
    word="talk_limit",
    entries=(MenuEntry("settings", "/settings/talk-limit", "Call length", "clock", 83),),
    routes=(
        post("/desk/extend", views.extend, "desk"),
        post("/desk/finish", views.finish, "desk"),
        get("/settings/talk-limit", views.shown, "settings"),
        post("/settings/talk-limit", views.save, "settings"),
    ),
)
