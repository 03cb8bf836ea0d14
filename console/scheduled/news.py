"""Tells an agent that a scheduled call is near, and keeps the open lists true."""

from __future__ import annotations

from console.live.stream import LiveHub, who_may
from console.live.stream import agent as pages_of
from console.web.i18n import Languages
from pbxd.bus import Bus
from pbxd.events import ScheduledCallsChanged, ScheduledCallSoon


class ScheduledNews:
    """Listens for scheduled calls."""

    def __init__(self, bus: Bus, hub: LiveHub, languages: Languages) -> None:
        self._hub = hub
        self._languages = languages
        bus.subscribe(ScheduledCallSoon, self._soon)
        bus.subscribe(ScheduledCallsChanged, lambda event: self._changed())

    def _soon(self, event: ScheduledCallSoon) -> None:
        def message(code: str) -> dict[str, object]:
            language = self._languages[code]
            text = language.text("At {time} your phone rings for the scheduled call to {number}.")
            told = text.format(time=language.clock(event.due_at), number=event.number)
            return {"kind": "toast", "level": "info", "text": told}

        self._hub.send_each(pages_of(event.agent_id), message)

    def _changed(self) -> None:
        self._hub.send(who_may("scheduled"), {"kind": "scheduled"})
