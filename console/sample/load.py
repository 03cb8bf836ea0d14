"""Fills an empty office with the sample."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from console.customers import queries as customer_queries
from console.customers.model import Customer
from console.customers.service import Customers
from console.sample import calls
from console.sample import people as names
from console.sample.consultations import consultations
from console.sample.details import SEED as DETAILS
from console.sample.details import Knowing, Lists, codes_and_fields, twice
from console.sample.images import images
from console.sample.keeping import IMPORTED, history, keeping
from console.sample.labels import labels
from console.sample.messages import leave_message
from console.sample.notices import notices
from console.sample.service_records import service_records
from console.sample.staff import staff
from console.sample.streets import make_table
from console.trades.service import Trades
from console.users.service import Users
from console.web.permissions import Role
from pbxd.agents.model import DeviceKind
from pbxd.app import Daemon
from pbxd.callbacks.model import Request, Source
from pbxd.callbacks.statement import last_missed, missed_rows
from pbxd.callbacks.statement import missed as missed_calls
from pbxd.calls import queries as call_queries
from pbxd.queues.model import Queue
from pbxd.store.metadata import new_id

SEED = 20261120
SUPERVISOR = "108"
CUSTOMERS = 2000
AGENTS = (
    ("101", "김서준"), ("102", "이하은"), ("103", "박도윤"), ("104", "최지우"),
    ("105", "정민서"), ("106", "강예준"), ("107", "조수아"), ("108", "윤지호"),
)  # fmt: skip


async def load(daemon: Daemon, users: Users, customers: Customers, did: str, password: str) -> bool:
    """Fill the office; False when it was filled before. What was cut short is completed.

    Log-ins are `admin`, `guest` and the extensions (`101` … `108`), all with `password`.
    """
    async with daemon.store.reading() as conn:
        if await call_queries.newest_at(conn) is not None:
            return False
    logins = {user.login for user in users.all()}
    for extension, name in AGENTS:
        agent = daemon.agents.by_extension(extension) or await daemon.agents.add(
            name, extension, DeviceKind.BROWSER
        )
        if extension not in logins:
            role = Role.SUPERVISOR if extension == SUPERVISOR else Role.USER
            await users.create(extension, name, password, role, agent.id)
    for login, name, role in (("admin", "관리자", Role.ADMIN), ("guest", "손님", Role.GUEST)):
        if login not in logins:
            await users.create(login, name, password, role)
    trades = Trades(daemon.store, daemon.clock, customers)
    admin = next(user.id for user in users.all() if user.login == "admin")
    lists = await codes_and_fields(trades, customers, admin)
    people = [user.id for user in users.all() if user.agent_id]
    made = _customers(lists, people, daemon.clock(), daemon.settings.office.zone)
    await _customers_and_calls(daemon, customers, made, did)
    await _queues(daemon)
    await _callbacks(daemon, customers, did)
    await staff(users)
    cases = await consultations(daemon, users, customers)
    await notices(daemon, users)
    await images(daemon, users, customers)
    await service_records(daemon, users, customers)
    await history(daemon, made, cases)
    await keeping(daemon, users, customers, made, lists)
    await labels(daemon)
    await asyncio.to_thread(make_table, daemon.settings.store.directory)
    return True


async def _callbacks(daemon: Daemon, customers: Customers, did: str) -> None:
    """Some who wait to be called back: customers (one left a message), a stranger, a promise."""
    rows = missed_rows(daemon.clock() - timedelta(days=7), None)
    async with daemon.store.reading() as conn:
        missed = (await missed_calls(conn, rows, last_missed(rows), size=3)).rows
    now, (first, *_) = daemon.clock(), daemon.agents.all()
    known = {one.number: await customers.look_up(one.number) for one in missed}
    numbers = [*sorted(known, key=lambda number: not known[number]), "+821077776666"]
    for place, number in enumerate(numbers):
        source = (Source.HOURS, Source.ABANDONED, Source.MISSED, Source.WEB)[place]
        at = now - timedelta(minutes=25, hours=place * 2)
        note = "견적서를 메일로 받고 싶다고 함" if source is Source.WEB else ""
        said = ""
        if source is Source.HOURS:
            caller = next((one.customer_id for one in known[number]), "")
            said = await leave_message(daemon, number, caller, at)
        wish = Request(f"sample-{place}", number, source, at, did, note=note, message=said)
        await daemon.callbacks.ask(wish)
    due = now + timedelta(hours=1)
    await daemon.callbacks.promise("01077775555", first.id, due, "배송일 확인 후 연락 약속")


async def _queues(daemon: Daemon) -> None:
    """Two waiting queues with lines of their own; who is a member takes calls at once."""
    wanted = (
        ("consult", "상담", "025550200", ("101", "102", "103", "104"), True),
        ("service", "A/S", "025550300", ("105", "106", "107"), False),
    )
    for word, name, number, extensions, tells in wanted:
        if daemon.queues.get(word) is not None:
            continue
        found = (daemon.agents.by_extension(one) for one in extensions)
        members = tuple(agent.id for agent in found if agent is not None)
        queue = Queue(
            word,
            name,
            number=number,
            members=members,
            here=frozenset(members),
            tells_place=tells,
            last_agent_days=30,
        )
        await daemon.queues.save(queue, new=True)


async def _customers_and_calls(
    daemon: Daemon, customers: Customers, made: list[Customer], did: str
) -> None:
    """All in one transaction."""
    async with daemon.store.writing() as conn:
        for (at, by), several in groupby(sorted(made, key=_entered), key=_entered):
            rows = [(one.id, one.details, customers.prepared(one.details)) for one in several]
            await customers.put_many(conn, rows, at, by)
        last: dict[str, datetime] = {}
        chance = random.Random(SEED)  # noqa: S311 - the same office each time
        now, zone = daemon.clock(), daemon.settings.office.zone
        records = list(calls.history(chance, now, zone, daemon.agents.all(), made, did))
        await call_queries.add_many(conn, records, "")
        for record in records:
            if record.customer_id and record.answered_at is not None:
                last[record.customer_id] = record.ended_at
        await customer_queries.touch_many(conn, last)


def _entered(one: Customer) -> tuple[datetime, str]:
    return one.created_at, one.created_by


def _customers(lists: Lists, people: list[str], now: datetime, zone: ZoneInfo) -> list[Customer]:
    """The first ones call most; the last ones came in a file, some of them a second time."""
    chance = random.Random(SEED)  # noqa: S311 - the same office each time
    knowing = Knowing(lists, now.astimezone(zone).date(), random.Random(DETAILS))  # noqa: S311
    made: list[Customer] = []
    today = now.astimezone(zone).date()
    for place in range(CUSTOMERS):
        imported = place >= CUSTOMERS - IMPORTED
        days = 12 if imported else chance.randrange(calls.DAYS + 1, 900)
        since = _working(today - timedelta(days=days))
        details = knowing.more(names.customer(chance), place + 1, since, made)
        if imported and place % 4 == 0:
            details = twice(details, made[place // 3].details, place // 4)
        week = days // 7  # entered week by week
        entered = since if imported else _working(today - timedelta(weeks=week))
        hour = time(9 + week % 9, week * 7 % 60)
        at = datetime.combine(entered, hour, zone).astimezone(UTC)
        by = people[-1 if imported else week % len(people)]
        made.append(Customer(new_id(), details, 1, at, at, created_by=by))
    return made


def _working(day: date) -> date:
    """It, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))
