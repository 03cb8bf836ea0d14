"""Opening hours: the week of each line, days that are not as usual, and the switch."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get, post
from console.hours import views
from console.web.permissions import Action

capability = Capability(
    word="hours",
    entries=(MenuEntry("hours", "/hours", "Opening hours", "clock", 57),),
    routes=(
        get("/hours", views.page, "hours"),
        post("/hours", views.save, "hours"),
        post("/hours/days", views.add_day, "hours"),
        post("/hours/days/{id}/remove", views.remove_day, "hours"),
        post("/hours/{id}/close", views.close_now, "hours"),
        post("/hours/{id}/open", views.open_again, "hours"),
        post("/hours/{id}/remove", views.remove, "hours", Action.DELETE),
    ),
)
