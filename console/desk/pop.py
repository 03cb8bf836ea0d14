"""One screen pop as a value: what the card says about a call to the agent whose phone rings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.desk.identify import Identified
from console.desk.ports import CallerCard
from console.desk.state import Names, is_outgoing, ms, other_party, shown_state
from pbxd.agents.model import Agent
from pbxd.calls.model import Call, Direction
from pbxd.desk.situation import my_leg
from pbxd.events import Handing


class Stage(StrEnum):
    """Where the call stands for this agent."""

    RINGING = "ringing"
    DIALLING = "dialling"
    UP = "up"
    HELD = "held"
    ENDED = "ended"  # only pinned cards stay that long


class PopLine(StrEnum):
    """What the office may put on the three lines of the card."""

    COMPANY = "company"
    GRADE = "grade"
    ADDRESS = "address"
    MEMO = "memo"
    BIRTHDAY = "birthday"
    OPEN_ITEMS = "open_items"


DEFAULT_LINES = (PopLine.COMPANY, PopLine.ADDRESS, PopLine.MEMO)


@dataclass(frozen=True, slots=True)
class Handed:
    """How a call came to this agent, who it came from, and what that one wrote.

    `returned`: the agent sent it away himself and it came back.
    """

    how: Handing
    name: str
    note: str = ""
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Pop:
    """Everything the partial `desk/pop.html` shows; equal values look equal."""

    key: str
    stage: Stage
    outgoing: bool
    line: str  # the name of our number that was dialled
    number: str  # E.164 or short code, "" withheld
    display: str
    withheld: bool
    colleague: str  # an internal call's other end
    given_name: str  # what the network sent: shown as a claim, never as knowledge
    searching: bool
    card: CallerCard | None
    candidates: tuple[CallerCard, ...]
    since: int  # ms since 1970 UTC
    can_answer: bool
    pinned: bool = False
    handed: Handed | None = None
    scheduled: bool = False  # begun by a time that was set

    @property
    def unknown(self) -> bool:
        """Nobody has this number: offer to write down who it is."""
        return bool(self.number) and not (self.searching or self.candidates or self.colleague)


NOBODY = Pop(
    key="",
    stage=Stage.RINGING,
    outgoing=False,
    line="",
    number="",
    display="",
    withheld=True,
    colleague="",
    given_name="",
    searching=False,
    card=None,
    candidates=(),
    since=0,
    can_answer=False,
)


def pop_of(
    call: Call,
    agent: Agent,
    known: Identified,
    names: Names,
    pinned: bool,
    handed: Handed | None = None,
) -> Pop | None:
    """The card of `call` for `agent`; None when the agent has no live part in it."""
    leg = my_leg(call, agent)
    if leg is None:
        return None
    party = other_party(call, agent)
    stage = Stage(shown_state(call, agent, leg))
    number = party.extension or ("" if party.withheld else names.normalise(party.number))
    colleague = names.colleague(party.extension) or party.name or party.extension
    talking = stage in (Stage.UP, Stage.HELD)
    since = (call.answered_at or leg.answered_at) if talking else (leg.rang_at or leg.started_at)
    return Pop(
        key=call.key,
        stage=stage,
        outgoing=is_outgoing(call, agent),
        line=names.line(call.dialled) if call.direction is Direction.IN else "",
        number=number,
        display=names.display(number) if number else "",
        withheld=not number,
        colleague=colleague if party.extension else "",
        given_name="" if party.withheld or party.name == party.number else party.name.strip(),
        searching=known.searching,
        card=known.card,
        candidates=known.cards,
        since=ms(since or call.started_at) or 0,
        can_answer=leg.state.value == "ringing" and leg.endpoint == agent.endpoint,
        pinned=pinned,
        handed=handed,
        scheduled=call.scheduled,
    )
