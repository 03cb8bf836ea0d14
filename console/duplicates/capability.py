"""Customers who are entered twice."""

from __future__ import annotations

from console.capability import Capability, get, post
from console.duplicates import views

capability = Capability(
    word="duplicates",
    routes=(
        get(views.PATH, views.find, "customer-tools"),
        get(f"{views.PATH}/compare", views.compare, "customer-tools"),
        post(f"{views.PATH}/merge", views.merge, "customer-tools"),
    ),
)
