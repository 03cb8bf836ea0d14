"""When is a call warned, and when is its time over? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from pbxd.calls.model import Call, CallState, Direction, Leg
from pbxd.errors import InvalidInput
from pbxd.talk_limit.model import How, Limit, Progress, Rule

LONGEST_MINUTES = 240
SOON = timedelta(minutes=1)  # the screen shows the limit so long before the notice


def limited(rule: Rule, call: Call) -> bool:
    """Is this a call that the rule is about?"""
    if not rule.on or call.state is not CallState.UP or call.answered_at is None:
        return False
    if call.direction is Direction.IN:
        return rule.incoming
    return rule.outgoing and call.direction is Direction.OUT


def limit(rule: Rule, call: Call, progress: Progress) -> Limit:
    """The call's times; an extension moves what has not happened yet."""
    assert call.answered_at is not None
    extra = timedelta(seconds=rule.extend_seconds * progress.extensions)
    may_extend = rule.most_extensions == 0 or progress.extensions < rule.most_extensions
    return Limit(
        warn_at=call.answered_at + timedelta(seconds=rule.warn_seconds) + extra,
        end_at=call.answered_at + timedelta(seconds=rule.end_seconds) + extra,
        warned=progress.warned_at is not None,
        over=progress.over_at is not None,
        can_extend=may_extend and not progress.ended,
        at_end=rule.at_end,
    )


def shown_from(limits: Limit) -> datetime:
    """From when on the agent's screen shows it."""
    return limits.warn_at - SOON


def due(limits: Limit, now: datetime) -> tuple[How | None, datetime | None]:
    """What is to be done now (WARNED, OVER), or when to look again."""
    if limits.over:
        return None, None
    if now >= limits.end_at:
        return How.OVER, None
    if not limits.warned and now >= limits.warn_at:
        return How.WARNED, None
    moments = (shown_from(limits), limits.warn_at, limits.end_at)
    return None, min(moment for moment in moments if moment > now)


def customer_leg(call: Call) -> Leg | None:
    """The customer's leg, when he talks with an agent who does not hold him."""
    for leg in call.legs:
        if leg.party.extension or not leg.talking:
            continue
        beside = call.beside(leg)
        if any(one.party.extension for one in beside) and all(
            one.held_since is None for one in beside
        ):
            return leg
    return None


def check(rule: Rule) -> Rule:
    """The rule, as it may be kept. Raises InvalidInput."""
    for field in ("warn_seconds", "end_seconds", "extend_seconds"):
        if not 60 <= getattr(rule, field) <= LONGEST_MINUTES * 60:
            raise InvalidInput("limit-minutes", "Enter 1 to 240 minutes.", field=field)
    if rule.end_seconds <= rule.warn_seconds:
        raise InvalidInput(
            "limit-order", "The end must come after the notice.", field="end_seconds"
        )
    if not 0 <= rule.most_extensions <= 99:
        raise InvalidInput("limit-extensions", "Enter 0 to 99.", field="most_extensions")
    return rule
