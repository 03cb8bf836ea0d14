"""The bus: immediate, in order, and one bad listener harms nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pbxd.bus import Bus
from pbxd.events import Event

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ping(Event):
    n: int


@dataclass(frozen=True, slots=True)
class Pong(Event):
    n: int


def test_a_raising_listener_is_counted_and_the_next_still_hears() -> None:
    bus, heard = Bus(), []

    def bad(event: Ping) -> None:
        raise RuntimeError

    bus.subscribe(Ping, bad)
    bus.subscribe(Ping, lambda event: heard.append(event.n))
    bus.publish(Ping(NOW, 1))
    assert heard == [1]
    assert sum(bus.failures.values()) == 1


def test_an_event_published_by_a_listener_comes_after_the_present_one() -> None:
    bus, heard = Bus(), []
    bus.subscribe(Ping, lambda event: bus.publish(Pong(NOW, event.n)))
    bus.subscribe(Event, lambda event: heard.append(type(event).__name__))
    bus.publish(Ping(NOW, 1))
    assert heard == ["Ping", "Pong"]


def test_unsubscribed_hears_no_more() -> None:
    bus, heard = Bus(), []
    leave = bus.subscribe(Ping, lambda event: heard.append(event.n))
    leave()
    leave()
    bus.publish(Ping(NOW, 1))
    assert heard == []
