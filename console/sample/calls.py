"""Ninety days of believable calls: office hours, lunch dips, Monday peaks, a few strangers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from console.customers.model import Customer
from console.sample import people
from pbxd.agents.model import Agent
from pbxd.calls.model import Direction, Outcome, Unanswered
from pbxd.calls.record import CallRecord
from pbxd.store.metadata import new_id

DAYS = 90
PER_DAY = (125, 110, 105, 105, 115, 30, 8)  # Monday to Sunday
HOURS = {8: 1, 9: 9, 10: 13, 11: 12, 12: 4, 13: 9, 14: 12, 15: 11, 16: 11, 17: 8, 18: 3, 19: 1}
IN_OUTCOMES = {Outcome.ANSWERED: 80, Outcome.MISSED: 9, Outcome.ABANDONED: 9, Outcome.BUSY: 2}
OUT_OUTCOMES = {
    Outcome.ANSWERED: 68,
    Outcome.NO_ANSWER: 20,
    Outcome.BUSY: 6,
    Outcome.CANCELLED: 4,
    Outcome.FAILED: 2,
}
# Q.850
CAUSES = {Outcome.BUSY: 17, Outcome.MISSED: 19, Outcome.NO_ANSWER: 19, Outcome.FAILED: 1}


def history(
    chance: random.Random,
    now: datetime,
    zone: ZoneInfo,
    agents: Sequence[Agent],
    customers: Sequence[Customer],
    did: str,
) -> Iterator[CallRecord]:
    """Records of the last ninety days until `now` (UTC), oldest first."""
    today = now.astimezone(zone).date()
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        moments = sorted(_moment(chance) for _ in range(PER_DAY[day.weekday()]))
        for moment in moments:
            at = datetime.combine(day, moment, zone).astimezone(UTC)
            record = _call(chance, at, agents, customers, did)
            if record.ended_at < now:
                yield record


def _moment(chance: random.Random) -> time:
    hour = chance.choices(list(HOURS), list(HOURS.values()))[0]
    return time(hour, chance.randrange(60), chance.randrange(60), chance.randrange(1000) * 1000)


def _call(
    chance: random.Random,
    at: datetime,
    agents: Sequence[Agent],
    customers: Sequence[Customer],
    did: str,
) -> CallRecord:
    direction = chance.choices([Direction.IN, Direction.OUT, Direction.INTERNAL], [64, 30, 6])[0]
    agent = chance.choice(agents)
    outcomes = OUT_OUTCOMES if direction is Direction.OUT else IN_OUTCOMES
    result = chance.choices(list(outcomes), list(outcomes.values()))[0]
    answered = result is Outcome.ANSWERED
    ring = min(chance.expovariate(1 / 7) + 1.5, 40.0)
    if result in (Outcome.MISSED, Outcome.NO_ANSWER):
        ring = chance.uniform(24, 40)
    talk = min(chance.lognormvariate(4.6, 0.9), 2400.0) if answered else 0.0
    rang = None if result in (Outcome.FAILED, Outcome.BUSY) else at + timedelta(seconds=0.3)
    ring = round(ring, 3) if rang is not None else 0.0
    answer = rang + timedelta(seconds=ring) if answered and rang is not None else None
    ended = (answer or at + timedelta(seconds=ring + 0.3)) + timedelta(seconds=talk)
    number, name, customer_id, withheld = _other(chance, direction, customers)
    colleague = chance.choice([one for one in agents if one is not agent])
    known_agent = answered or direction is not Direction.IN
    return CallRecord(
        id=new_id(),
        linkedid=f"sample-{at.timestamp():.3f}-{chance.randrange(1 << 30)}",
        direction=direction,
        outcome=result,
        number=number,
        raw=number,
        name=name,
        withheld=withheld,
        dialled=did if direction is Direction.IN else number or colleague.extension,
        trunk="" if direction is Direction.INTERNAL else "city",
        extension=agent.extension if known_agent else "",
        other_extension=colleague.extension if direction is Direction.INTERNAL else "",
        clicked=direction is Direction.OUT and chance.random() < 0.7,
        started_at=at,
        rang_at=rang,
        answered_at=answer,
        ended_at=ended,
        end_known=True,
        ring_seconds=ring,
        talk_seconds=round(talk, 3),
        reason=_reason(chance, result) if direction is Direction.IN else Unanswered.NONE,
        hold_seconds=round(talk * 0.1, 3) if chance.random() < 0.15 else 0.0,
        cause=CAUSES.get(result, 16),
        customer_id=customer_id,
        agent_id=agent.id if known_agent else "",
    )


def _other(
    chance: random.Random, direction: Direction, customers: Sequence[Customer]
) -> tuple[str, str, str, bool]:
    """Number, name, customer and whether the number is withheld."""
    if direction is Direction.INTERNAL:
        return "", "", "", False
    kind = chance.random()
    if direction is Direction.IN and kind < 0.03:
        return "", "", "", True
    if kind < 0.16:
        return people.mobile(chance), "", "", False
    # some customers call much more often than others
    place = min(int(chance.expovariate(1 / 350)), len(customers) - 1)
    customer = customers[place]
    return chance.choice(customer.details.phones).number, "", customer.id, False


def _reason(chance: random.Random, result: Outcome) -> Unanswered:
    if result is Outcome.MISSED:
        return chance.choice([Unanswered.NO_ANSWER, Unanswered.NO_ANSWER, Unanswered.NOBODY])
    return {Outcome.ABANDONED: Unanswered.GAVE_UP, Outcome.BUSY: Unanswered.BUSY}.get(
        result, Unanswered.NONE
    )
