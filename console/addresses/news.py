"""How far the postcode table is, on the page of settings."""

from __future__ import annotations

from console.addresses.service import Addresses
from console.customers.service import Customers
from console.live.parts import Parts, Rows
from console.live.stream import LiveHub, who_may
from pbxd.app import Daemon

PROGRESS = "postcodes-progress"


class AddressNews:
    """Listens to the making of a table."""

    def __init__(self, addresses: Addresses, hub: LiveHub, parts: Parts) -> None:
        self._addresses = addresses
        self._hub = hub
        self._parts = parts
        parts.add_for_all(PROGRESS, "settings", self._rows)
        addresses.on_progress = lambda: parts.changed(PROGRESS)
        addresses.on_state = self._state

    def _rows(self, code: str) -> Rows:
        job = self._addresses.job
        if job is None or not job.runs:
            return {}
        return {"progress": self._parts.row(code, "addresses/progress.html", job)}

    def _state(self) -> None:
        self._parts.changed(PROGRESS)
        self._hub.send(who_may("settings"), {"kind": "postcodes"})


def address_finder(daemon: Daemon, customers: Customers, hub: LiveHub, parts: Parts) -> Addresses:
    """The finder, and its news."""
    addresses = Addresses(daemon, customers)
    AddressNews(addresses, hub, parts)
    return addresses
