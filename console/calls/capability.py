"""The call log in the console."""

from __future__ import annotations

from console.calls import pane, views
from console.capability import Capability, MenuEntry, get
from console.web.permissions import Action

capability = Capability(
    word="calls",
    entries=(MenuEntry("calls", "/calls", "Call log", "calls", 30),),
    tabs=(pane.tab,),
    routes=(
        get("/calls", views.log, "calls"),
        get("/calls/export", views.export, "calls", Action.EXPORT),
    ),
)
