"""A call's record: what the history keeps of it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pbxd.calls.model import Call, Direction, Leg, Outcome, Unanswered


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One row of the history; seconds are measured, never rounded. Times UTC.

    `number` is the outside party's (E.164 or short code), `raw` as Asterisk gave it. For internal
    calls `extension` called `other_extension`.
    """

    id: str
    linkedid: str
    direction: Direction
    outcome: Outcome
    number: str
    raw: str
    name: str
    withheld: bool
    dialled: str
    trunk: str
    extension: str
    other_extension: str
    clicked: bool
    started_at: datetime
    rang_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime
    end_known: bool
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    cause: int
    customer_id: str = ""
    agent_id: str = ""
    note: str = ""
    reason: Unanswered = Unanswered.NONE
    legs: tuple[Leg, ...] = field(default_factory=tuple)


def record_of(call: Call, normalise: Callable[[str], str]) -> CallRecord:
    """The record of a call that has ended.

    Ringing is from the first ring to the answer, or until the last phone falls silent; talking from
    the answer to the end (holds included, and counted apart).
    """
    ended = call.ended_at or call.started_at
    outside = call.outside
    internal = call.direction is Direction.INTERNAL
    ours = _our_extension(call)
    ring_end = call.answered_at or _stopped_ringing(call) or ended
    raw = "" if internal else outside.number
    return CallRecord(
        id=call.key,
        linkedid=call.linkedid,
        direction=call.direction,
        outcome=call.outcome or Outcome.FAILED,
        number=normalise(raw) if raw and not outside.withheld else "",
        raw=raw,
        name=outside.name,
        withheld=outside.withheld and not internal,
        dialled=call.dialled,
        trunk=call.trunk,
        extension=ours,
        other_extension=call.callee.extension if internal else "",
        clicked=bool(call.clicked_by),
        started_at=call.started_at,
        rang_at=call.rang_at,
        answered_at=call.answered_at,
        ended_at=ended,
        end_known=call.end_known,
        ring_seconds=_span(call.rang_at, ring_end),
        talk_seconds=_span(call.answered_at, ended),
        hold_seconds=round(sum(leg.hold_seconds for leg in call.legs), 3),
        cause=call.cause,
        reason=call.reason,
        legs=call.legs,
    )


def is_code(call: Call) -> bool:
    """A code dialled at a phone (*41), with nobody at the other end: no call for the history."""
    return call.dialled.startswith("*") and len({leg.party.extension for leg in call.legs}) < 2


def _our_extension(call: Call) -> str:
    if call.direction is Direction.IN:
        return call.callee.extension
    return call.clicked_by or call.caller.extension


def _stopped_ringing(call: Call) -> datetime | None:
    """When the last phone fell silent: announcements that follow are no ringing."""
    rang = [leg.ended_at for leg in call.legs if leg.rang_at and not leg.originator]
    return max((at for at in rang if at is not None), default=None)


def _span(start: datetime | None, end: datetime) -> float:
    return 0.0 if start is None else max(0.0, round((end - start).total_seconds(), 3))
