"""What calls lead to, from conversations recorded at a real Asterisk: wrap-up, away, or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxd.agents.presence import By, Options
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call
from pbxd.events import AgentPresenceChanged, PresenceKind
from pbxd.presence.watch import Watch
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor
from tests.store.test_presence import Seats
from tests.unit.calls.replay import ENDPOINTS, ami_events

OPTIONS = Options(wrap_up_seconds=60, missed_limit=3)


class Day:
    """An agent at 101 and what happens at the phone."""

    def __init__(self, seats: Seats) -> None:
        self.seats = seats
        self.supervisor = Supervisor()
        self.live = LiveCalls(ENDPOINTS, new_id, seats.bus)
        Watch(seats.bus, self, seats.agents, seats.presence, seats.mirror, self.supervisor)

    def of_extension(self, extension: str) -> tuple[Call, ...]:
        """The live calls of now."""
        return self.live.of_extension(extension)

    async def play(self, scene: str) -> None:
        """The whole conversation, and what follows from it; the same one may come again."""
        self.live = LiveCalls(ENDPOINTS, new_id, self.seats.bus)
        for event in ami_events(scene):
            self.live.apply(event)
        assert not self.live.calls()
        await self.settled()

    async def settled(self) -> None:
        """All that was begun is done (the service takes one after the other)."""
        marker = self.supervisor.once("behind the others", self.seats.presence.align())
        await marker

    def kind(self, agent_id: str) -> PresenceKind:
        return self.seats.presence.of(agent_id).kind


@pytest.fixture
async def day(store: Store) -> AsyncIterator[Day]:
    seats = Seats(store)
    await seats.load()
    made = Day(seats)
    await seats.set_options(OPTIONS)
    yield made
    await made.supervisor.stop()


@pytest.mark.parametrize(
    ("scene", "kind"),
    [
        ("inbound_answered", PresenceKind.WRAP_UP),
        ("click_answered", PresenceKind.WRAP_UP),
        ("outbound_by_phone", PresenceKind.WRAP_UP),
        ("internal", PresenceKind.AVAILABLE),
        ("click_customer_busy", PresenceKind.AVAILABLE),
        ("inbound_abandoned", PresenceKind.AVAILABLE),
    ],
)
async def test_only_a_conversation_with_a_customer_is_followed_by_a_wrap_up(
    day: Day, scene: str, kind: PresenceKind
) -> None:
    mina = await day.seats.hire("101")
    await day.play(scene)
    assert day.kind(mina.id) is kind


async def test_three_unanswered_calls_in_a_row_and_no_fourth_comes(day: Day) -> None:
    mina = await day.seats.hire("101")
    for _ in range(2):
        await day.play("inbound_unanswered")
        assert day.kind(mina.id) is PresenceKind.AVAILABLE
    await day.play("inbound_answered")  # somebody is there after all
    await day.seats.presence.back(mina.id)
    for _ in range(2):
        await day.play("inbound_unanswered")
        assert day.kind(mina.id) is PresenceKind.AVAILABLE
    await day.play("inbound_unanswered")
    presence = day.seats.presence.of(mina.id)
    assert (presence.kind, presence.by, presence.word) == (PresenceKind.AWAY, By.AUTO, "missed")
    assert day.seats.astdb.values == {"101": "missed"}
    told = [event for event in day.seats.told if event.kind is PresenceKind.AWAY]
    assert isinstance(told[-1], AgentPresenceChanged)
    assert len(told) == 1


async def test_who_is_off_line_is_left_alone(day: Day) -> None:
    mina = await day.seats.hire("101")
    await day.seats.agents.set_linked(mina.id, False)
    for scene in ("inbound_answered", *["inbound_unanswered"] * 3):
        await day.play(scene)
    assert day.kind(mina.id) is PresenceKind.AVAILABLE
    assert day.seats.astdb.values == {}


async def test_switched_off_nothing_happens(day: Day) -> None:
    mina = await day.seats.hire("101")
    await day.seats.set_options(Options())
    for scene in ("inbound_answered", *["inbound_unanswered"] * 5):
        await day.play(scene)
    assert day.kind(mina.id) is PresenceKind.AVAILABLE


async def test_somebody_moves_to_another_extension_and_the_mirror_moves_too(day: Day) -> None:
    mina = await day.seats.hire("101")
    await day.seats.presence.away(mina.id, day.seats.reason("meal"))
    day.seats.astdb.values["109"] = "meal"  # who sat there before
    await day.seats.hire("109")  # tells that the agents changed
    await day.settled()
    assert day.seats.astdb.values == {"101": "meal"}
