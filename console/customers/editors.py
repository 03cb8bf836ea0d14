"""Who has a customer's form open: others who open it are told, while it is so."""

from __future__ import annotations

from collections.abc import Iterable

from console.live.parts import Parts, Rows
from console.live.stream import Client, LiveHub
from console.web.context import Viewer
from console.web.i18n import Languages
from console.web.templates import Templates

EDITORS = "editors"  # and ":", the customer's id: the list that a form shows


class Editors:
    """Read from the lists that pages show: a page that goes takes itself out."""

    def __init__(
        self, hub: LiveHub, parts: Parts, languages: Languages, templates: Templates
    ) -> None:
        self._hub = hub
        self._parts = parts
        self._languages = languages
        self._templates = templates
        self._at: dict[Client, frozenset[str]] = {}
        parts.add_about(EDITORS, "customers", self._rows)
        hub.on_shows(self._shows)
        hub.on_page(lambda page, here: None if here else self._gone())

    def _rows(self, viewer: Viewer, id: str) -> Rows:
        """One line for each of the others."""
        name, code = f"{EDITORS}:{id}", viewer.language.code
        others = {
            client.viewer.user.id: client.viewer.user.name
            for client, shown in self._at.items()
            if name in shown and client.viewer.user.id != viewer.user.id
        }
        return {
            user_id: self._templates.fragment(
                self._languages[code], "customers/editor.html", id=user_id, name=user
            ).strip()
            for user_id, user in sorted(others.items(), key=lambda one: one[1])
        }

    def _shows(self, client: Client, names: Iterable[str]) -> None:
        now = frozenset(name for name in names if name.startswith(f"{EDITORS}:"))
        before = self._at.pop(client, frozenset())
        if now:
            self._at[client] = now
        self._changed(now ^ before)

    def _gone(self) -> None:
        here = set(self._hub.open_clients())
        for client in [one for one in self._at if one not in here]:
            self._changed(self._at.pop(client))

    def _changed(self, names: Iterable[str]) -> None:
        if names := tuple(names):
            self._parts.changed(*names)
