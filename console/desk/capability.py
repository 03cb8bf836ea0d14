"""The desk in the console."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.desk import views

capability = Capability(
    word="desk",
    entries=(
        MenuEntry("desk", "/", "Desk", "phone", 10),
        MenuEntry("settings", "/desk/settings", "Screen pop", "note", 80),
    ),
    routes=(
        get("/", views.home, "desk"),
        get("/desk/recent", views.recent, "desk"),
        post("/desk/phone", views.phone, "desk"),
        post("/desk/dial", views.dial, "desk"),
        post("/desk/answer", views.pick_up, "desk"),
        post("/desk/hang-up", views.hang_up, "desk"),
        post("/desk/link", views.link, "desk"),
        post("/desk/device", views.device, "desk"),
        post("/desk/pop/close", views.close_pop, "desk"),
        post("/desk/pop/pin", views.pin_pop, "desk"),
        post("/desk/pop/choose", views.choose, "desk"),
        post("/desk/ring-me", views.ring_me, "desk"),
        get("/desk/settings", views.settings, "settings"),
        post("/desk/settings", views.save_settings, "settings"),
    ),
)
