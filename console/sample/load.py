"""Fills an empty office with the sample."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

from console.customers import queries as customer_queries
from console.customers.model import Customer
from console.customers.service import Customers
from console.sample import calls, people
from console.sample.consultations import consultations
from console.sample.details import Lists, codes_and_fields, more
from console.sample.images import images
from console.sample.labels import labels
from console.sample.notices import notices
from console.sample.service_records import service_records
from console.sample.staff import staff
from console.sample.streets import make_table
from console.users.service import Users
from console.web.permissions import Role
from pbxd.agents.model import Agent, DeviceKind
from pbxd.app import Daemon
from pbxd.callbacks import queries as callbacks
from pbxd.callbacks.model import Request, Source
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
    lists = await codes_and_fields(customers)
    await _customers_and_calls(daemon, customers, lists, daemon.agents.all(), did)
    await _queues(daemon)
    await _callbacks(daemon, did)
    await consultations(daemon, users)
    await staff(users)
    await notices(daemon, users)
    await images(daemon, users, customers)
    await service_records(daemon, users, customers)
    await labels(daemon)
    await asyncio.to_thread(make_table, daemon.settings.store.directory)
    return True


async def _callbacks(daemon: Daemon, did: str) -> None:
    """Some who wait to be called back: customers, a stranger, and one promise."""
    async with daemon.store.reading() as conn:
        missed = await callbacks.missed(conn, daemon.clock() - timedelta(days=7), None, 3)
    now, (first, *_) = daemon.clock(), daemon.agents.all()
    numbers = [one.number for one in missed] + ["+821077776666"]
    for place, number in enumerate(numbers):
        source = (Source.HOURS, Source.ABANDONED, Source.MISSED, Source.WEB)[place]
        at = now - timedelta(minutes=25, hours=place * 2)
        note = "견적서를 메일로 받고 싶다고 함" if source is Source.WEB else ""
        await daemon.callbacks.ask(Request(f"sample-{place}", number, source, at, did, note=note))
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
    daemon: Daemon, customers: Customers, lists: Lists, agents: tuple[Agent, ...], did: str
) -> None:
    """All in one transaction."""
    chance = random.Random(SEED)  # noqa: S311 - the same office each time
    now = daemon.clock()
    made: list[Customer] = []
    async with daemon.store.writing() as conn:
        for place in range(CUSTOMERS):
            at = now - timedelta(days=chance.randrange(calls.DAYS + 1, 900), seconds=place)
            details = more(chance, people.customer(chance), place + 1, at.date(), lists)
            customer = Customer(new_id(), details, 1, at, at)
            await customers.put(conn, customer.id, details, at)
            made.append(customer)
        last: dict[str, datetime] = {}
        zone = daemon.settings.office.zone
        records = list(calls.history(chance, now, zone, agents, made, did))
        await call_queries.add_many(conn, records, "")
        for record in records:
            if record.customer_id and record.answered_at is not None:
                last[record.customer_id] = record.ended_at
        for customer_id, at in last.items():
            await customer_queries.touch(conn, customer_id, at)
