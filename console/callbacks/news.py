"""Keeps the badge in the menu and open lists true, and reminds agents of what they promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from console.live.parts import Parts, Rows
from console.live.stream import LiveHub, who_may
from console.live.stream import agent as pages_of
from console.web.i18n import Languages
from pbxd.app import Daemon
from pbxd.events import CallbackDue, CallbacksChanged

BADGE = "callbacks-badge"


@dataclass(frozen=True, slots=True)
class Badge:
    """How many wait, and how long the oldest does."""

    count: int
    age: str


class CallbackNews:
    """Listens for callbacks."""

    def __init__(self, daemon: Daemon, hub: LiveHub, parts: Parts, languages: Languages) -> None:
        self._daemon = daemon
        self._hub = hub
        self._parts = parts
        self._languages = languages
        parts.add_for_all(BADGE, "callbacks", self._rows, self._badge)
        daemon.bus.subscribe(CallbacksChanged, lambda event: self._changed())
        daemon.bus.subscribe(CallbackDue, self._due)

    def _badge(self) -> Badge:
        count, oldest = self._daemon.callbacks.waiting
        waits = timedelta(0) if oldest is None else self._daemon.clock() - oldest
        age = "late" if waits > timedelta(hours=4) else "old" if waits > timedelta(hours=1) else ""
        return Badge(count, age or "fresh")

    def _rows(self, code: str) -> Rows:
        badge = self._badge()
        if not badge.count:
            return {}
        return {"badge": self._parts.row(code, "callbacks/badge.html", badge)}

    def _changed(self) -> None:
        self._parts.changed(BADGE)
        self._hub.send(who_may("callbacks"), {"kind": "callbacks"})

    def _due(self, event: CallbackDue) -> None:
        number = self._daemon.plan.display(event.number)

        def message(code: str) -> dict[str, object]:
            language = self._languages[code]
            text = language.text("It is time to call back {number}.").format(number=number)
            told = f"{text} {event.note}".strip()
            return {"kind": "toast", "level": "info", "text": told, "sound": "remind"}

        self._hub.send_each(pages_of(event.agent_id), message)
