"""What was typed and not saved comes back after a crash of the browser."""

from __future__ import annotations

from console.capability import Capability, get, post
from console.drafts import views

capability = Capability(
    word="drafts",
    routes=(get("/drafts", views.read, "account"), post("/drafts", views.write, "account")),
)
