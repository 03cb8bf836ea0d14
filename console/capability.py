"""What a capability declares: adding one is its folder and one line in `registry.py`."""

from __future__ import annotations

from dataclasses import dataclass

from console.customers.tabs import Tab
from console.web.context import Handler
from console.web.permissions import Action


@dataclass(frozen=True, slots=True)
class Need:
    """The right that a route asks for."""

    menu: str
    action: Action = Action.VIEW


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `need` None: open to everybody; unsafe methods are CSRF-checked always."""

    method: str
    path: str
    handler: Handler
    need: Need | None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A place in the navigation; `label` is a msgid, `icon` a sign of `ui/icons.html`.

    Those of the menu "settings" stand on the settings page, which is its `index`.
    """

    menu: str
    path: str
    label: str
    icon: str
    order: int
    index: bool = False


@dataclass(frozen=True, slots=True)
class Capability:
    """A folder's whole contribution to the console."""

    word: str
    routes: tuple[Route, ...]
    entries: tuple[MenuEntry, ...] = ()
    tabs: tuple[Tab, ...] = ()  # of a customer's page


def get(path: str, handler: Handler, menu: str, action: Action = Action.VIEW) -> Route:
    """A page."""
    return Route("GET", path, handler, Need(menu, action))


def post(path: str, handler: Handler, menu: str, action: Action = Action.EDIT) -> Route:
    """A change."""
    return Route("POST", path, handler, Need(menu, action))
