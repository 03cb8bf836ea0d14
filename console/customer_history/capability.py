"""A customer's history of changes."""

from __future__ import annotations

from console.capability import Capability, get
from console.customer_history import views
from console.customers.tabs import Tab
from console.web.i18n import msgid

capability = Capability(
    word="customer_history",
    tabs=(Tab("history", msgid("Changes"), 90, "customer-history", views.pane),),
    routes=(get("/customers/{id}/history", views.page, "customer-history"),),
)
