"""What was said with the sample office's customers, over the days of its calls."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from console.consultations import queries
from console.consultations.model import Consultation, Part
from console.customers.model import Customer
from console.customers.service import Customers
from console.sample.sayings import Saying, sayings
from console.users.service import Users
from pbxd.app import Daemon
from pbxd.calls import queries as calls
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.calls.record import CallRecord
from pbxd.store.metadata import new_id

SEED = 1121
CASES = 700
OPEN = 60  # of the newest calls some are not finished
REMARKS = (
    "통화 품질 좋지 않음",
    "큰 소리로 말씀드려야 함",
    "남편분이 전화하심",
    "점심시간 피해서 연락",
)


async def consultations(daemon: Daemon, users: Users, customers: Customers) -> list[Consultation]:
    """Of answered calls: finished, unfinished, with something added, to be called again."""
    now = daemon.clock()
    by_agent = {user.agent_id: user.id for user in users.all() if user.agent_id}
    wanted = CallFilter(since=now - timedelta(days=88), outcome=Outcome.ANSWERED)
    async with daemon.store.reading() as conn:
        records = (await calls.log(conn, wanted, size=4000)).rows
        types = {(one.level, one.name): one.id for one in await queries.types(conn)}
    talked = [one for one in records if one.customer_id and one.agent_id in by_agent]
    # of today and yesterday all, of the days before every so many
    chosen = talked[:120] + talked[120 :: max(1, len(talked[120:]) // (CASES - 120))]
    known = await customers.several({one.customer_id for one in chosen})
    speaking = Speaking(types, by_agent, now, daemon.settings.office.zone)
    made = [
        speaking.case(record, known[record.customer_id], place)
        for place, record in enumerate(chosen[:CASES])
    ]
    async with daemon.store.writing() as conn:
        await queries.add_many(conn, sorted(made, key=lambda one: one.at))
    return made


class Speaking:
    """Makes consultations out of calls."""

    def __init__(
        self,
        types: dict[tuple[int, str], str],
        by_agent: dict[str, str],
        now: datetime,
        zone: ZoneInfo,
    ) -> None:
        self._dice = random.Random(SEED)  # noqa: S311 - a made-up office
        self._sayings = sayings()
        self._types = types
        self._by_agent = by_agent
        self._now = now
        self._zone = zone

    def case(self, record: CallRecord, customer: Customer, place: int) -> Consultation:
        """What was said in a call; of the newest ones something is still to do."""
        dice, details = self._dice, customer.details
        found = self._sayings[details.prospect]
        saying = dice.choices(found, [one.often for one in found])[0]
        by, at, id = self._by_agent[record.agent_id], record.ended_at, new_id()
        is_open = place < OPEN and dice.random() < (0.7 if saying.again else 0.12)
        recall = self._recall(place) if is_open and saying.again else None
        third = "거래처" if details.company else "기존 고객"
        if details.prospect or (self._now - customer.created_at).days < 120:
            third = "신규 고객"
        parts = [Part(new_id(), id, saying.text, by, at, None, 1)]
        parts += self._later(saying, parts[0], whole=not is_open)
        remarks = dice.choice(REMARKS) if dice.random() < 0.08 else ""
        return Consultation(
            id,
            customer.id,
            record.id,
            self._ids(saying, third),
            saying.again if recall else remarks,
            by,
            at,
            None if is_open else parts[-1].at,
            "" if is_open else parts[-1].by,
            recall,
            None,
            None,
            1,
            tuple(parts),
        )

    def _ids(self, saying: Saying, third: str) -> tuple[str, str, str]:
        names = enumerate((*saying.types, third), 1)
        first, second, last = (self._types[level, name] for level, name in names)
        return first, second, last

    def _later(self, saying: Saying, first: Part, *, whole: bool) -> list[Part]:
        """What was added in the hours after, by the same agent or a colleague."""
        added, at = [], first.at
        for text in (saying.so_far, *(saying.more if whole else ())):
            at += timedelta(minutes=self._dice.randrange(20, 400))
            if not text:
                continue
            if at >= self._now or self._dice.random() < 0.3:
                break
            by = first.by
            if self._dice.random() < 0.3:
                by = self._dice.choice(list(self._by_agent.values()))
            added.append(Part(new_id(), first.consultation_id, text, by, at, None, 1))
        return added

    def _recall(self, place: int) -> datetime:
        """Today, soon or a little late; else a full or half hour of one of the next days."""
        if place % 3 != 2:
            even = self._now.replace(minute=self._now.minute // 10 * 10, second=0, microsecond=0)
            return even + timedelta(minutes=10 * self._dice.randrange(-8, 20))
        day = self._now.astimezone(self._zone).date() + timedelta(days=self._dice.randrange(1, 6))
        at = time(self._dice.randrange(9, 18), self._dice.choice((0, 30)))
        return datetime.combine(day, at, self._zone).astimezone(self._now.tzinfo)
