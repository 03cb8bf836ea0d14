"""May this call be supervised, and what does the agent see of it? Pure."""

from __future__ import annotations

from pbxd.agents.model import Agent
from pbxd.calls.model import Call, Leg
from pbxd.supervise.model import Mode


def watched_leg(call: Call, extension: str) -> Leg | None:
    """The leg of `extension` that talks; None when there is nothing to hear."""
    for leg in call.legs_of(extension):
        if leg.talking and (call.beside(leg) or leg.waiting):
            return leg
    return None


def customer_of(call: Call, extension: str) -> Leg | None:
    """The one party that `extension` talks with and that could be taken over."""
    leg = watched_leg(call, extension)
    beside = () if leg is None else call.beside(leg)
    return beside[0] if len(beside) == 1 else None


def is_in(call: Call, agent: Agent) -> bool:
    """The supervisor talks in this call himself."""
    return any(leg.talking for leg in call.legs_of(agent.extension))


def shown_to_agent(mode: Mode, listening_is_shown: bool) -> bool:
    """Whoever is spoken to knows by whom; that somebody only listens is the office's choice."""
    return mode is not Mode.LISTEN or listening_is_shown
