"""Who stands where in a call, seen from one extension; what each verb may do follows. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pbxd.agents.model import Agent
from pbxd.calls.model import Call, CallState, Direction, Leg, LegState

CONSULT = "pbxd-consult"
CONFERENCE = "pbxd-conference"


@dataclass(frozen=True, slots=True)
class Situation:
    """`mine` is the extension's leg; `beside` are those it is joined with.

    `waiting` are the parties that wait with music while the agent consults `asked` (who may still
    ring; None: nobody is asked any more).
    """

    mine: Leg
    beside: tuple[Leg, ...] = ()
    waiting: tuple[Leg, ...] = ()
    asked: Leg | None = None

    @property
    def consulting(self) -> bool:
        """The agent talks with (or rings) somebody while the customer waits."""
        return bool(self.waiting)

    @property
    def conference(self) -> bool:
        """Three or more are joined."""
        return self.mine.place == CONFERENCE or len(self.beside) > 1

    @property
    def customer(self) -> Leg | None:
        """The one party that a transfer would send elsewhere."""
        if self.consulting or self.conference or len(self.beside) != 1:
            return None
        return self.beside[0] if self.mine.talking else None

    @property
    def can_hold(self) -> bool:
        """The phone may put the other side on hold."""
        return self.mine.state is LegState.UP and bool(self.beside)

    @property
    def can_resume(self) -> bool:
        """The phone holds."""
        return self.mine.state is LegState.HELD

    @property
    def can_transfer(self) -> bool:
        """The other party can be sent elsewhere, or wait while somebody is asked."""
        return self.customer is not None

    @property
    def can_complete(self) -> bool:
        """Whoever is asked can have the customer, now or when he picks up."""
        return self.consulting and self.asked is not None

    @property
    def can_merge(self) -> bool:
        """All three can talk with each other."""
        return self.consulting and self.asked is not None and self.asked in self.beside


def my_leg(call: Call, agent: Agent) -> Leg | None:
    """The agent's live part in `call`: the one that talks, else the one on the chosen phone."""
    mine = [leg for leg in call.legs_of(agent.extension) if leg.live]
    if not mine:
        return None
    return max(mine, key=lambda leg: (leg.talking, leg.endpoint == agent.endpoint))


def situation(call: Call, agent: Agent) -> Situation | None:
    """The agent's situation in `call`; None when he has no live part in it."""
    mine = my_leg(call, agent)
    if mine is None:
        return None
    beside = call.beside(mine)
    if mine.place != CONSULT:
        return Situation(mine, beside)
    waiting = tuple(leg for leg in call.legs if leg.waiting and leg.id != mine.id)
    others = [leg for leg in call.legs if leg.live and leg.id != mine.id and leg not in waiting]
    asked = next((leg for leg in others if leg in beside), None)
    if asked is None:  # of several phones that ring any stands for the person
        asked = next((leg for leg in others if not leg.talking), None)
    return Situation(mine, beside, waiting, asked)


def ringing_caller(call: Call) -> Leg | None:
    """Who rings at a colleague's phone and could be picked up elsewhere."""
    if call.state is not CallState.RINGING or call.direction is Direction.OUT or call.clicked_by:
        return None
    caller = next((leg for leg in call.legs if leg.originator and leg.live), None)
    rung = any(leg.state is LegState.RINGING and leg.party.extension for leg in call.legs)
    return caller if rung else None
