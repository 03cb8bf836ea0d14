"""The call log in the console."""

from __future__ import annotations

from console.calls import pane, views
from console.capability import Capability, MenuEntry, get

capability = Capability(
    word="calls",
    entries=(MenuEntry("calls", "/calls", "Call log", "calls", 30),),
    tabs=(pane.tab,),
    routes=(get("/calls", views.log, "calls"),),
)
