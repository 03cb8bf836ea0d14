"""Recordings (녹취, S4-29 … S4-36): the list, the player, rules, who listened."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.recordings import audio, pane, sheet, views
from console.web.permissions import Action

capability = Capability(
    word="recordings",
    entries=(MenuEntry("recordings", "/recordings", "Recordings", "sound", 32),),
    tabs=(pane.tab,),
    routes=(
        get("/recordings", views.page, "recordings"),
        get("/recordings/export", sheet.export, "recordings", Action.EXPORT),
        post("/recordings/policy", views.save_policy, "settings"),
        post("/desk/record", views.pause, "desk"),
        get("/recordings/{id}", views.one, "recordings"),
        get("/recordings/{id}/audio", audio.play, "recordings"),
        get("/recordings/{id}/download", audio.download, "recordings", Action.EXPORT),
        get("/recordings/{id}/peaks", audio.peaks, "recordings"),
        post("/recordings/{id}/markers", views.mark, "recordings", Action.VIEW),
        post("/recordings/{id}/markers/{marker}/remove", views.unmark, "recordings"),
        post("/recordings/{id}/hold", views.hold, "recordings"),
        post("/recordings/{id}/delete", views.delete, "recordings", Action.DELETE),
    ),
)
