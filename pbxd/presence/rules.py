"""When calls are sent to an agent, and what Asterisk's database says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from pbxd.agents.presence import Options, Presence, Reason
from pbxd.calls.model import Call, Direction, Leg
from pbxd.errors import InvalidInput
from pbxd.events import PresenceKind

WRAP_UP_LONGEST_S = 900
MISSED_MOST = 20
LONGEST_MINUTES = 600
LONGEST_NAME = 40
RANG_LONG_S = 10.0  # a caller who gives up sooner gave nobody a chance to answer
EXTENDED_BY = timedelta(seconds=60)


def mirror_value(presence: Presence) -> str:
    """What `pbxd/away/EXTENSION` says in AstDB; "" nothing.

    A wrap-up carries its end (epoch seconds), so that it ends also while pbxd is dead.
    """
    if presence.kind is PresenceKind.AWAY:
        return presence.word
    if presence.kind is PresenceKind.WRAP_UP and presence.until is not None:
        return f"wrap_up:{math.ceil(presence.until.timestamp())}"
    return ""


def differences(
    wanted: Mapping[str, str], found: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What to write and what to remove, so that `found` becomes `wanted`."""
    write = {key: value for key, value in wanted.items() if found.get(key) != value}
    return write, tuple(sorted(key for key in found if key not in wanted))


def may_wrap_up(presence: Presence) -> bool:
    """Whoever is away stays away; the end of another call begins the wrap-up anew."""
    return presence.kind is not PresenceKind.AWAY


def due(presence: Presence, now: datetime) -> bool:
    """A wrap-up that is over."""
    return (
        presence.kind is PresenceKind.WRAP_UP
        and presence.until is not None
        and presence.until <= now
    )


def talked_with_customer(call: Call, leg: Leg) -> bool:
    """The agent of `leg` was in a conversation with somebody outside."""
    if call.direction is Direction.INTERNAL or leg.answered_at is None:
        return False
    return any(not one.party.extension and one.answered_at is not None for one in call.legs)


def left_unanswered(call: Call, leg: Leg) -> bool:
    """The phone of `leg` rang and nobody came, neither here nor at a colleague's.

    Who declines, or hears a caller give up at once, is there.
    """
    if leg.originator or leg.rang_at is None or leg.answered_at is not None:
        return False
    if call.clicked_by == leg.party.extension:
        return False
    if any(
        one.party.extension and one.answered_at is not None and not one.originator
        for one in call.legs
    ):
        return False
    if leg.dial_status == "NOANSWER":
        return True
    rang = (leg.ended_at or leg.rang_at) - leg.rang_at
    return leg.dial_status in ("CANCEL", "") and rang >= timedelta(seconds=RANG_LONG_S)


def check_reason(reason: Reason) -> Reason:
    """A reason as it is kept. Raises InvalidInput naming the field."""
    name = " ".join(reason.name.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            "reason-name", "A reason has a name of 1 to 40 characters.", field="name"
        )
    if reason.minutes is not None and not 1 <= reason.minutes <= LONGEST_MINUTES:
        raise InvalidInput("reason-minutes", "Enter 1 to 600 minutes, or nothing.", field="minutes")
    return Reason(
        reason.id,
        reason.word,
        name,
        reason.minutes,
        reason.rest,
        reason.position,
        reason.retired,
    )


def check_options(options: Options) -> None:
    """Raises InvalidInput naming the field."""
    if not 0 <= options.wrap_up_seconds <= WRAP_UP_LONGEST_S:
        raise InvalidInput("wrap-up-seconds", "Enter 0 to 900 seconds.", field="wrap_up_seconds")
    if not 0 <= options.missed_limit <= MISSED_MOST:
        raise InvalidInput("missed-limit", "Enter 0 to 20 calls.", field="missed_limit")
