"""How a call ended: the rules in one place."""

from __future__ import annotations

from pbxd.calls.line import LiveCall
from pbxd.calls.model import Direction, Outcome

# Q.850 causes
BUSY = 17
NO_ANSWER = {18, 19}
INVALID = {1, 2, 3, 22, 27, 28}  # unallocated, no route, changed, out of order, incomplete


def outcome(call: LiveCall) -> Outcome:
    """The outcome of a call that has ended.

    Incoming and internal: answered; busy (every phone that was tried said so); abandoned (the
    caller gave up first); failed (internal, and no phone rang); else missed.
    Outgoing: answered; busy; no answer; cancelled (we gave up, or our own phone was not picked
    up); else failed.
    """
    if call.answered_at is not None:
        return Outcome.ANSWERED
    first = call.originator
    called = [line for line in call.legs if line is not first]
    statuses = {line.dial_status for line in called if line.dial_status}
    gave_up = first is not None and first.asked_to_end
    if called and statuses == {"BUSY"}:
        return Outcome.BUSY
    if call.direction is Direction.OUT:
        return _outgoing(call, statuses, gave_up)
    if gave_up or "CANCEL" in statuses:
        return Outcome.ABANDONED
    if call.direction is Direction.INTERNAL and not any(line.rang_at for line in called):
        return Outcome.FAILED
    return Outcome.MISSED


def _outgoing(call: LiveCall, statuses: set[str], gave_up: bool) -> Outcome:
    first = call.originator
    others = [line for line in call.legs if line is not first]
    if call.clicked_by and not others and (first is None or first.answered_at is None):
        return Outcome.CANCELLED  # our own phone was not picked up
    causes = {line.cause for line in others}
    if BUSY in causes and "BUSY" in statuses:
        return Outcome.BUSY
    if causes & INVALID or statuses & {"CHANUNAVAIL", "CONGESTION"}:
        return Outcome.FAILED  # the network rang and then said that there is no such number
    if "NOANSWER" in statuses:
        return Outcome.NO_ANSWER
    if gave_up or "CANCEL" in statuses:
        return Outcome.CANCELLED
    return Outcome.FAILED
