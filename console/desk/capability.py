"""The desk in the console."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.desk import verbs, views

capability = Capability(
    word="desk",
    entries=(
        MenuEntry("desk", "/", "Desk", "phone", 10),
        MenuEntry("settings", "/settings/pop", "Screen pop", "phone", 80),
    ),
    routes=(
        get("/", views.home, "functions"),  # where everybody comes in
        get("/desk/recent", views.recent, "desk"),
        post("/desk/phone", views.phone, "desk"),
        post("/desk/dial", verbs.dial, "desk"),
        post("/desk/answer", verbs.answer, "desk"),
        post("/desk/hang-up", verbs.hang_up, "desk"),
        post("/desk/hold", verbs.hold, "desk"),
        post("/desk/mute", verbs.mute, "desk"),
        post("/desk/keys", verbs.keys, "desk"),
        post("/desk/transfer", verbs.transfer, "desk"),
        post("/desk/consult", verbs.consult, "desk"),
        post("/desk/complete", verbs.complete, "desk"),
        post("/desk/back", verbs.back, "desk"),
        post("/desk/merge", verbs.merge, "desk"),
        post("/desk/pick-up", verbs.pick_up, "desk"),
        post("/desk/link", views.link, "desk"),
        post("/desk/device", views.device, "desk"),
        post("/desk/pop/close", views.close_pop, "desk"),
        post("/desk/pop/pin", views.pin_pop, "desk"),
        post("/desk/pop/choose", views.choose, "desk"),
        post("/desk/ring-me", views.ring_me, "desk"),
        get("/settings/pop", views.settings, "settings"),
        post("/settings/pop", views.save_settings, "settings"),
    ),
)
