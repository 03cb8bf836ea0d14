"""Publish and subscribe inside the process: immediate, in order, listeners isolated.

A listener is synchronous and short; who needs to wait owns a bounded queue and a supervised
task. One that raises is logged and counted, and harms nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar, cast

import structlog

from pbxd.events import Event

log = structlog.get_logger(__name__)

E = TypeVar("E", bound=Event)
Listener = Callable[[Event], None]


class Bus:
    """Hands each event to everybody who subscribed to its class, in order of subscription.

    An event published while another is being handed out waits until that one has reached all
    listeners: everybody sees the same order.
    """

    def __init__(self) -> None:
        self._listeners: dict[type[Event], list[Listener]] = {}
        self._waiting: list[Event] = []
        self._busy = False
        self.failures: Counter[str] = Counter()

    def subscribe(self, kind: type[E], listener: Callable[[E], None]) -> Callable[[], None]:
        """Call `listener` with every event of class `kind` (or below); returns the way out."""
        entry = cast(Listener, listener)
        self._listeners.setdefault(kind, []).append(entry)

        def unsubscribe() -> None:
            if entry in self._listeners.get(kind, []):
                self._listeners[kind].remove(entry)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Hand `event` out now, or after the one that is being handed out."""
        self._waiting.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._waiting:
                self._hand_out(self._waiting.pop(0))
        finally:
            self._busy = False

    def _hand_out(self, event: Event) -> None:
        for kind in type(event).__mro__:
            for listener in tuple(self._listeners.get(kind, ())):
                try:
                    listener(event)
                except Exception:
                    name = getattr(listener, "__qualname__", repr(listener))
                    self.failures[name] += 1
                    log.exception("listener failed", listener=name, event_kind=kind.__name__)
