"""How a call ended: the rules in one place."""

from __future__ import annotations

from pbxd.calls.line import LiveCall
from pbxd.calls.model import Direction, Outcome, Unanswered

# Where a call that nobody answered leaves the dialplan: its last contexts, by extension
LAST = {"pbxd-end", "pbxd-callback"}
ENDINGS = {
    "refused": Unanswered.BLOCKED,
    "closed": Unanswered.CLOSED,
    "nobody": Unanswered.NOBODY,
    "in-CHANUNAVAIL": Unanswered.NOBODY,
    "in-BUSY": Unanswered.BUSY,
    "in-NOANSWER": Unanswered.NO_ANSWER,
    "queue": Unanswered.CALLBACK,
}
# Q.850 causes
BUSY = 17
NO_ANSWER = {18, 19}
FAULTS = {27, 34, 38, 41, 42, 44, 47}  # out of order, no circuit, network or switch at fault
INVALID = {1, 2, 3, 22, 27, 28}  # unallocated, no route, changed, out of order, incomplete

_REFUSALS: dict[Unanswered | None, Outcome] = {
    Unanswered.BLOCKED: Outcome.BLOCKED,
    Unanswered.CLOSED: Outcome.CLOSED,
}


def outcome(call: LiveCall) -> Outcome:
    """The outcome of a call that has ended.

    Incoming and internal: answered; busy (every phone that was tried said so); abandoned (the
    caller gave up first); failed (internal, and no phone rang); else missed. Incoming and refused
    (blocked, or outside opening hours): that, also when the caller did not hear the words out.
    Outgoing: answered; busy; no answer; cancelled (we gave up, or our own phone was not picked
    up); else failed.
    """
    if call.answered_at is not None:
        return Outcome.ANSWERED
    if call.direction is Direction.IN and (refused := _REFUSALS.get(_ending(call))) is not None:
        return refused
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
    rang = any(line.rang_at for line in called)
    return Outcome.MISSED if rang or call.direction is Direction.IN else Outcome.FAILED


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


def reason(call: LiveCall, how: Outcome) -> Unanswered:
    """Why nobody of ours answered: where in the dialplan the caller was when it ended.

    A caller who hangs up while "nobody is available" is said did not give up: that he was told.
    """
    if how is Outcome.ANSWERED or call.direction is Direction.OUT:
        return Unanswered.NONE
    if (ending := _ending(call)) is not None:
        return ending
    first = call.originator
    if first is not None and first.asked_to_end:
        return Unanswered.GAVE_UP
    if how is Outcome.BUSY:
        return Unanswered.BUSY
    broken = first is None or not call.end_known or first.cause in FAULTS
    silent = Unanswered.NOBODY if call.rang_at is None else Unanswered.NO_ANSWER
    return Unanswered.FAULT if broken else silent


def _ending(call: LiveCall) -> Unanswered | None:
    first = call.originator
    if first is None or first.left_at[0] not in LAST:
        return None
    return ENDINGS.get(first.left_at[1].removeprefix("say-"))
