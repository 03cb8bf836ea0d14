"""The `desk` message: everything the call bar of one agent shows, as plain JSON values.

A pure function of the calls and the agent; sent at each change and in the snapshot. Times are
milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pbxd.agents.model import Agent, DeviceKind, endpoint_of
from pbxd.agents.presence import Presence
from pbxd.calls.model import Call, Direction, Leg, LegState, Party
from pbxd.desk.situation import Situation, my_leg, situation
from pbxd.events import AgentState
from pbxd.talk_limit.model import AtEnd, Limit


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the CRM takes the outside party for."""

    customer_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """How numbers, lines and people are written; filled by the CRM."""

    normalise: Callable[[str], str]  # raw caller ID → E.164 or short code
    display: Callable[[str], str]  # E.164 or short code → as people write it
    line: Callable[[str], str]  # a number of ours that was dialled → its name
    known: Callable[[str], Known]  # call key → whom the CRM takes the outside party for
    colleague: Callable[[str], str]  # extension → who sits there, "" nobody
    muted: Callable[[str], bool] = lambda leg_id: False  # leg id → muted at the PBX
    # call key, extension → who supervises it (name, mode)
    watchers: Callable[[str, str], tuple[tuple[str, str], ...]] = lambda key, extension: ()
    limit: Callable[[str], Limit | None] = lambda key: None  # call key → its time limit, once near
    recorded: Callable[[Call], str] = lambda call: ""  # call → on, paused or "" not recorded
    hold_reminder_s: int = 0  # a call on hold for longer asks for attention; 0 never


@dataclass(frozen=True, slots=True)
class Phone:
    """What the agent's phones do, and which browser page holds the browser phone."""

    state: AgentState
    phone_up: bool
    page: str = ""
    presence: Presence | None = None


def is_outgoing(call: Call, agent: Agent) -> bool:
    """The agent made this call (by phone or by a click on the screen)."""
    if call.clicked_by:
        rings = call.scheduled and any(
            leg.state is LegState.RINGING for leg in call.legs_of(agent.extension)
        )
        return call.clicked_by == agent.extension and not rings
    return call.direction is not Direction.IN and call.caller.extension == agent.extension


def other_party(call: Call, agent: Agent) -> Party:
    """Whom `call` is about for the agent: a customer, or in an internal call the colleague."""
    if call.direction is Direction.OUT:
        return call.callee
    return call.callee if is_outgoing(call, agent) else call.caller


def shown_state(call: Call, agent: Agent, leg: Leg) -> str:
    """dialling, ringing, up or held, as the agent sees it."""
    if leg.state is LegState.HELD:
        return "held"
    if leg.state is not LegState.UP:
        return "dialling" if is_outgoing(call, agent) else "ringing"
    others = (one for one in call.legs if one.id != leg.id)
    return "up" if any(one.talking for one in others) else "dialling"


def desk_message(
    agent: Agent | None,
    phone: Phone,
    calls: Iterable[Call],
    names: Names,
    *,
    pbx_up: bool,
    now: datetime,
) -> dict[str, Any]:
    """The whole call-bar state of one agent (None: a user without an extension)."""
    rows: list[dict[str, Any]] = []
    if agent is not None and agent.linked:
        rows = [
            _row(call, agent, leg, names, pbx_up)
            for call in calls
            if (leg := my_leg(call, agent)) is not None
        ]
    return {
        "kind": "desk",
        "now": ms(now),
        "pbx": "up" if pbx_up else "down",
        "hold_reminder_s": names.hold_reminder_s,
        "agent": _agent(agent, phone) if agent is not None else None,
        "calls": rows,
    }


def ms(at: datetime | None) -> int | None:
    """Milliseconds since 1970 UTC."""
    return None if at is None else round(at.timestamp() * 1000)


def absence(presence: Presence | None) -> dict[str, Any] | None:
    """Why calls do not come; None when they do. `name` "": the page has the word's translation."""
    if presence is None or presence.reachable:
        return None
    return {
        "kind": presence.kind.value,
        "reason": presence.word,
        "name": "" if presence.reason is None else presence.reason.name,
        "since_ms": ms(presence.since),
        "until_ms": ms(presence.until),
        "by": presence.by.value,
    }


def _agent(agent: Agent, phone: Phone) -> dict[str, Any]:
    return {
        "id": agent.id,
        "name": agent.name,
        "extension": agent.extension,
        "state": phone.state.value,
        "linked": agent.linked,
        "device": agent.device.value,
        "phone_up": phone.phone_up,
        "phone_page": phone.page,
        "away": absence(phone.presence),
    }


def _row(call: Call, agent: Agent, leg: Leg, names: Names, pbx_up: bool) -> dict[str, Any]:
    party = other_party(call, agent)
    known = names.known(call.key)
    state = shown_state(call, agent, leg)
    now = situation(call, agent) or Situation(leg)
    number = party.extension or ("" if party.withheld else names.normalise(party.number))
    return {
        "key": call.key,
        "direction": call.direction.value,
        "outgoing": is_outgoing(call, agent),
        "state": state,
        "number": number,
        "display": names.display(number) if number else "",
        "name": known.name or names.colleague(party.extension) or _given_name(party),
        "customer_id": known.customer_id,
        "line": names.line(call.dialled) if call.direction is Direction.IN else "",
        "since": ms(_since(call, leg, state)),
        "rang_at": ms(leg.rang_at),
        "answered_at": ms(call.answered_at),
        "clicked_by_me": call.clicked_by == agent.extension and not call.scheduled,
        "scheduled": call.scheduled,
        "my_leg": {
            "id": leg.id,
            "state": leg.state.value,
            "browser": leg.endpoint == endpoint_of(agent.extension, DeviceKind.BROWSER),
            "muted": names.muted(leg.id),
        },
        "recorded": names.recorded(call),
        "can": _can(call, agent, leg, pbx_up),
        "parties": _parties(now, names),
        "conference": now.conference,
        "limit": _limit(names.limit(call.key)),
        "watchers": [
            {"name": name, "mode": mode} for name, mode in names.watchers(call.key, agent.extension)
        ],
    }


def _limit(limit: Limit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        "warn_ms": ms(limit.warn_at),
        "end_ms": ms(limit.end_at),
        "warned": limit.warned,
        "over": limit.over,
        "can_extend": limit.can_extend,
        "ends": limit.at_end is AtEnd.END,
    }


def _can(call: Call, agent: Agent, leg: Leg, pbx_up: bool) -> dict[str, bool]:
    """Each button, enabled exactly when it can work."""
    now = situation(call, agent) or Situation(leg)
    return {
        "answer": leg.state is LegState.RINGING and leg.endpoint == agent.endpoint,
        "hang_up": pbx_up,
        "hold": pbx_up and now.can_hold,
        "resume": pbx_up and now.can_resume,
        "transfer": pbx_up and now.can_transfer,
        "complete": pbx_up and now.can_complete,
        "back": pbx_up and now.consulting,
        "merge": pbx_up and now.can_merge,
        "keys": pbx_up and now.can_hold,
        "block": pbx_up and now.customer is not None and not now.customer.party.extension,
    }


def _parties(now: Situation, names: Names) -> list[dict[str, Any]]:
    """Everybody else in the call whom the agent has to do with, and how."""
    rows = [(leg, "talks") for leg in now.beside] + [(leg, "waits") for leg in now.waiting]
    if now.asked is not None and now.asked not in now.beside:
        rows.append((now.asked, "rings"))
    return [
        {
            "name": names.colleague(leg.party.extension) or _shown(leg.party, names),
            "how": how,
            "colleague": bool(leg.party.extension),
        }
        for leg, how in rows
    ]


def _shown(party: Party, names: Names) -> str:
    if party.extension:
        return party.extension
    return "" if party.withheld else names.display(names.normalise(party.number))


def _given_name(party: Party) -> str:
    """The name that the network sent, unless it only repeats the number."""
    name = party.name.strip()
    return "" if party.withheld or name == party.number else name


def _since(call: Call, leg: Leg, state: str) -> datetime:
    if state == "held" and leg.held_since is not None:
        return leg.held_since
    if state in ("up", "held"):
        return call.answered_at or leg.answered_at or call.started_at
    return leg.rang_at or leg.started_at
