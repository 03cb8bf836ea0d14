"""A customer that is deleted while somebody has its page open: told there, and taken back there."""

from __future__ import annotations

from console.customers.model import Customer
from console.customers.service import Customers
from console.live.parts import Parts, Rows
from console.live.stream import LiveHub
from console.web.context import Viewer
from console.web.permissions import Action, Scope
from console.web.templates import Templates

GONE = "gone"  # and ":", the customer's id: the list that its page shows


class Gone:
    """Knows those that were deleted under somebody's eyes."""

    def __init__(
        self, hub: LiveHub, parts: Parts, templates: Templates, customers: Customers
    ) -> None:
        self._hub = hub
        self._parts = parts
        self._templates = templates
        self._gone: dict[str, Customer] = {}
        parts.add_about(GONE, "customers", self._rows)
        customers.on_change(self._changed)

    def _rows(self, viewer: Viewer, id: str) -> Rows:
        if id not in self._gone:
            return {}
        customer = self._gone[id]
        everybodys = viewer.scope("customers", Action.DELETE) >= Scope.ALL
        mine = viewer.may("customers", "delete") and customer.created_by == viewer.user.id
        html = self._templates.fragment(
            viewer.language,
            "customers/gone.html",
            id=id,
            name=customer.name,
            may=everybodys or mine,
        )
        return {id: html.strip()}

    def _changed(self, customer: Customer) -> None:
        name = f"{GONE}:{customer.id}"
        if customer.deleted_at is None:
            was_gone = self._gone.pop(customer.id, None) is not None
        else:
            was_gone = any(name in client.shows for client in self._hub.open_clients())
            if was_gone:
                self._gone[customer.id] = customer
        if was_gone:
            self._parts.changed(name)
