"""The desk's home page as values: who is there, which calls go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from console.desk.screens import People
from console.desk.state import Names, ms
from console.web.i18n import seconds_text
from pbxd.agents.model import Agent
from pbxd.agents.presence import Presence
from pbxd.calls.model import Call, CallState, Direction, LegState, Outcome, Party
from pbxd.calls.record import CallRecord
from pbxd.desk.situation import ringing_caller
from pbxd.events import AgentState


@dataclass(frozen=True, slots=True)
class Colleague:
    """One agent as the others see him."""

    id: str
    name: str
    extension: str
    state: AgentState
    linked: bool
    presence: Presence | None = None  # why no calls come, while the state says that they do not


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
    can_pick_up: bool = False  # it rings at somebody's phone


@dataclass(frozen=True, slots=True)
class RecentCall:
    """One of the agent's last calls."""

    key: str
    outgoing: bool
    internal: bool
    outcome: Outcome
    started_at: datetime  # UTC
    when: str  # as people read it
    number: str
    display: str
    name: str
    customer_id: str
    talk: str  # "3:05", "" when nobody talked


def recent_call(
    record: CallRecord,
    agent: Agent,
    names: Names,
    customer: str,
    when: Callable[[datetime], str],
) -> RecentCall:
    """A record as its agent's list shows it; `customer` is the name that the CRM knows."""
    internal = record.direction is Direction.INTERNAL
    outgoing = record.direction is not Direction.IN and record.extension == agent.extension
    other = record.other_extension if outgoing else record.extension
    number = other if internal else record.number
    name = names.colleague(number) if internal else customer or record.name
    return RecentCall(
        key=record.id,
        outgoing=outgoing,
        internal=internal,
        outcome=record.outcome,
        started_at=record.started_at,
        when=when(record.started_at),
        number=number,
        display=names.display(number) if number else "",
        name="" if record.withheld or name == record.raw else name,
        customer_id=record.customer_id,
        talk=seconds_text(record.talk_seconds) if record.answered_at else "",
    )


def colleague(agent: Agent, people: People) -> Colleague:
    """One who works here, as of now."""
    return Colleague(
        agent.id,
        agent.name,
        agent.extension,
        people.state(agent.id),
        agent.linked,
        people.presence(agent.id),
    )


def live_rows(calls: Iterable[Call], names: Names) -> tuple[LiveRow, ...]:
    """The calls that go on, oldest first."""
    return tuple(live_row(call, names) for call in sorted(calls, key=lambda call: call.started_at))


def live_row(call: Call, names: Names) -> LiveRow:
    """One call that goes on."""
    known = names.known(call.key)
    outside = _side(call.outside, names)
    if known.name:  # of who was deleted meanwhile only the number is left
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
        can_pick_up=ringing_caller(call) is not None,
    )


def _side(party: Party, names: Names) -> Side:
    if party.extension:
        return Side(names.colleague(party.extension), party.extension, party.extension)
    if party.withheld or not party.number:
        return Side("", "", "")
    number = names.normalise(party.number)
    return Side(party.name if party.name != party.number else "", number, names.display(number))
