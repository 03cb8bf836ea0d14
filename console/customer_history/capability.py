"""A customer's history of changes."""

from __future__ import annotations

from console.capability import Capability, get
from console.customer_history import views

capability = Capability(
    word="customer_history",
    routes=(get("/customers/{id}/history", views.page, "customer-history"),),
)
