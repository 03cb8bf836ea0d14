"""Columns and saved filters of lists."""

from __future__ import annotations

from console.capability import Capability, post
from console.lists import views

capability = Capability(
    word="lists",
    routes=(
        post("/lists/{list}/columns", views.columns, "account"),
        post("/lists/{list}/saved", views.save, "account"),
        post("/lists/{list}/saved/{id}/forget", views.forget, "account"),
    ),
)
