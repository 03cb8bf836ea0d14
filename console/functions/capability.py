"""The list of functions (기능목록): all that a guest may look at (S1-84)."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get
from console.functions import views

capability = Capability(
    word="functions",
    entries=(MenuEntry("functions", "/functions", "Functions", "note", 90),),
    routes=(get("/functions", views.page, "functions"),),
)
