"""Numbers that gave way in a merge."""

from __future__ import annotations

from console.capability import Capability, post
from console.customers.rights import reaching
from console.further_numbers import views
from console.web.permissions import Action

RIGHT = "personal-numbers"
_PATH = "/customers/{id}/further-numbers/{number}"

capability = Capability(
    word="further_numbers",
    routes=(
        post(_PATH, views.reveal, RIGHT, Action.VIEW),
        post(f"{_PATH}/remove", reaching(views.remove, Action.EDIT), RIGHT, Action.VIEW),
    ),
)
