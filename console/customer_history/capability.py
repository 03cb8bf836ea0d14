"""A customer's history of changes."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, get
from console.customer_history import log, views
from console.customers.tabs import Tab
from console.web.i18n import msgid
from console.web.permissions import Action

capability = Capability(
    word="customer_history",
    tabs=(Tab("history", msgid("Changes"), 90, "customer-history", views.pane),),
    entries=(MenuEntry("settings", log.PATH, "Log of customers' data", "list", 24),),
    routes=(
        get("/customers/{id}/history", views.page, "customer-history"),
        get(log.PATH, log.page, "customer-history"),
        get(f"{log.PATH}/export", log.export, "customer-history", Action.EXPORT),
    ),
)
