"""The desk's home page as values: who is there, which calls go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.desk.screens import People
from console.desk.state import Names, ms
from pbxd.calls.model import Call, CallState, Direction, LegState, Party
from pbxd.events import AgentState


@dataclass(frozen=True, slots=True)
class Colleague:
    """One agent as the others see him."""

    id: str
    name: str
    extension: str
    state: AgentState
    linked: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a call on the list."""

    name: str
    number: str  # E.164, short code or extension; "" withheld
    display: str
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One call that goes on now."""

    key: str
    direction: Direction
    state: CallState
    outside: Side  # an internal call: who was called
    inside: tuple[Side, ...]  # the phones that ring or talk
    line: str
    since: int  # ms since 1970 UTC


def colleagues(people: People) -> tuple[Colleague, ...]:
    """Everybody who works here now, by extension."""
    return tuple(
        Colleague(agent.id, agent.name, agent.extension, people.state(agent.id), agent.linked)
        for agent in people.all()
    )


def live_rows(calls: Iterable[Call], names: Names) -> tuple[LiveRow, ...]:
    """The calls that go on, oldest first."""
    return tuple(_row(call, names) for call in sorted(calls, key=lambda call: call.started_at))


def _row(call: Call, names: Names) -> LiveRow:
    known = names.known(call.key)
    outside = _side(call.outside, names)
    if known.customer_id or known.name:
        outside = Side(known.name, outside.number, outside.display, known.customer_id)
    talking = [leg for leg in call.legs if leg.state in (LegState.UP, LegState.HELD)]
    shown = [leg for leg in talking if leg.party.extension] or [
        leg for leg in call.legs if leg.party.extension and leg.state is not LegState.ENDED
    ]
    extensions = dict.fromkeys(leg.party.extension for leg in shown)
    return LiveRow(
        key=call.key,
        direction=call.direction,
        state=call.state,
        outside=outside,
        inside=tuple(_side(Party(extension=extension), names) for extension in extensions),
        line=names.line(call.dialled) if call.direction is Direction.IN else "",
        since=ms(call.answered_at or call.rang_at or call.started_at) or 0,
    )


def _side(party: Party, names: Names) -> Side:
    if party.extension:
        return Side(names.colleague(party.extension), party.extension, party.extension)
    if party.withheld or not party.number:
        return Side("", "", "")
    number = names.normalise(party.number)
    return Side(party.name if party.name != party.number else "", number, names.display(number))
