"""Service records in the store: order, pages, totals, who was served, phrases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text as sql

from console.belongings import queries as moving
from console.customers.files import customer_files
from console.customers.model import Details, Phone
from console.service_records import queries
from console.service_records.model import Entry, Record, Status, Total
from console.service_records.queries import Filter
from console.service_records.service import ServiceRecords, Stale, StalePhrase
from console.users.service import Users
from console.web.context import Viewer
from console.web.i18n import Language
from console.web.permissions import Role
from console.web.queries import SessionRow
from pbxd.app import build
from pbxd.errors import InvalidInput, NotAllowed, NotFound
from pbxd.store.engine import Store
from tests.loopback import on_loopback

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ENTRY = Entry(date(2026, 11, 21), Status.DONE, "필터 교체", "kim", "", 6800)


def record(id: str, customer_id: str = "a", **changes: object) -> Record:
    return Record(id, customer_id, replace(ENTRY, **changes), "kim", AT)  # type: ignore[arg-type]


async def filled(store: Store, records: list[Record]) -> None:
    async with store.writing() as conn:
        await queries.add(conn, records)


async def ids(store: Store, wanted: Filter, cursor: str = "", size: int = 50) -> list[str]:
    async with store.reading() as conn:
        page = await queries.listed(conn, wanted, cursor, size)
    return [one.id for one in page.rows]


async def test_from_new_to_old_page_by_page(store: Store) -> None:
    days = [date(2026, 11, 1 + place % 5) for place in range(23)]
    await filled(store, [record(f"{place:02}", day=day) for place, day in enumerate(days)])
    newest = sorted(range(23), key=lambda place: (days[place], place), reverse=True)
    expected = [f"{place:02}" for place in newest]
    found: list[str] = []
    cursor = ""
    async with store.reading() as conn:
        while True:
            page = await queries.listed(conn, Filter(customer_id="a"), cursor, 5)
            found += [one.id for one in page.rows]
            if not (cursor := page.next):
                break
        assert found == expected
        back = await queries.listed(conn, Filter(customer_id="a"), page.previous, 5)
    assert [one.id for one in back.rows] == expected[15:20]


async def test_the_total_is_of_all_that_fit(store: Store) -> None:
    await filled(
        store,
        [
            record("1", day=date(2014, 3, 22), amount=2000),
            record("2", day=date(2014, 4, 22), amount=4800, status=Status.POSTPONED),
            record("3", "b", day=date(2014, 4, 1), amount=10**12, user_id="", name="오 기사"),
            record("4", day=date(2015, 1, 1), amount=77),
        ],
    )
    async with store.writing() as conn:
        await queries.set_deleted(conn, "4", AT)
    async with store.reading() as conn:
        assert await queries.total(conn, Filter(customer_id="a")) == Total(
            2, 6800, date(2014, 3, 22), date(2014, 4, 22)
        )
        assert (await queries.total(conn, Filter())).amount == 10**12 + 6800
        assert await queries.total(conn, Filter(customer_id="none")) == Total()
        postponed = await queries.total(conn, Filter(status=Status.POSTPONED))
        assert (postponed.count, postponed.amount) == (1, 4800)
        assert await queries.usual_amounts(conn) == [2000, 4800, 10**12]


async def test_filters(store: Store) -> None:
    await filled(
        store,
        [
            record("1", day=date(2026, 11, 1), summary="필터 100% 교체"),
            record("2", day=date(2026, 11, 2), user_id="lee", note="Card 결제"),
            record(
                "3", day=date(2026, 11, 3), user_id="", name="오 기사", status=Status.IMPOSSIBLE
            ),
        ],
    )
    assert await ids(store, Filter(first=date(2026, 11, 2), last=date(2026, 11, 2))) == ["2"]
    assert await ids(store, Filter(user_id="lee")) == ["2"]
    assert await ids(store, Filter(status=Status.IMPOSSIBLE)) == ["3"]
    assert await ids(store, Filter(text="0% 교체")) == ["1"]
    assert await ids(store, Filter(text="card")) == ["2"]
    assert await ids(store, Filter(text="기사")) == ["3"]
    assert await ids(store, Filter(text="_")) == []
    assert await ids(store, Filter(), "no cursor") == ["3", "2", "1"]


async def test_customers_served(store: Store) -> None:
    await filled(
        store,
        [
            record("1", "a", day=date(2026, 10, 31)),
            record("2", "a", day=date(2026, 11, 1)),
            record("3", "b", day=date(2026, 11, 5), summary="방문 수리"),
            record("4", "c", day=date(2026, 11, 6), note="필터"),
            record("5", "d", day=date(2026, 11, 6)),
        ],
    )
    async with store.writing() as conn:
        await queries.set_deleted(conn, "5", AT)
        asked = (
            ((None, None, ""), {"a", "b", "c"}),
            ((date(2026, 11, 2), None, ""), {"b", "c"}),
            ((None, date(2026, 10, 31), "필터"), {"a"}),
            ((None, None, "수리 방문"), {"b"}),
            ((date(2026, 11, 7), None, ""), set()),
        )
        for (first, last, summary), expected in asked:
            statement = queries.customers_served(first, last, summary)
            assert statement.selected_columns.keys() == ["customer_id"]
            found = list((await conn.execute(statement)).scalars())
            assert set(found) == expected
            assert len(found) == len(expected), "each once"


async def test_a_customer_s_records_are_read_by_an_index(store: Store) -> None:
    async with store.reading() as conn:
        plan = await conn.execute(
            sql(
                "EXPLAIN QUERY PLAN SELECT * FROM service_records WHERE deleted_at IS NULL"
                " AND customer_id = 'a' ORDER BY day DESC, id DESC LIMIT 21"
            )
        )
        said = " ".join(str(row[-1]) for row in plan)
    assert "ix_service_records_customer" in said
    assert "TEMP B-TREE" not in said


async def test_they_go_along_with_a_merged_customer(store: Store) -> None:
    await filled(store, [record("1", "giver"), record("2", "taker")])
    async with store.writing() as conn:
        moved = await moving.take(conn, "giver", "taker")
        assert moved["service_records"] == ["1"]
        assert (await queries.total(conn, Filter(customer_id="taker"))).count == 2
        await moving.give_back(conn, "giver", moved)
        assert (await queries.total(conn, Filter(customer_id="giver"))).count == 1


class Office:
    """The service and its people."""

    def __init__(self, service: ServiceRecords, users: Users, customer_id: str) -> None:
        self.service = service
        self.users = users
        self.customer_id = customer_id

    def viewer(self, login: str) -> Viewer:
        user = next(one for one in self.users.all() if one.login == login)
        return Viewer(user, cast(SessionRow, None), cast(Language, None))

    def entry(self, login: str, summary: str = "점검") -> Entry:
        return replace(ENTRY, user_id=self.viewer(login).user.id, summary=summary)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    daemon = await build(on_loopback(tmp_path))
    users = Users(daemon.store, daemon.clock)
    for login, role in (("boss", Role.SUPERVISOR), ("kim", Role.USER), ("lee", Role.USER)):
        await users.create(login, login, "long enough for a test", role)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    await customers.codes.load()
    await customers.fields.load()
    customer = await customers.create(Details("고객", phones=(Phone("010-7000-1000"),)), "")
    yield Office(ServiceRecords(daemon, customers, users), users, customer.id)
    await daemon.stop()


async def test_whose_they_are(office: Office) -> None:
    service, kim, lee = office.service, office.viewer("kim"), office.viewer("lee")
    made = await service.add(kim, office.customer_id, office.entry("kim"))
    with pytest.raises(NotAllowed):
        await service.change(lee, made.id, 1, office.entry("lee"))
    with pytest.raises(NotAllowed):
        await service.delete(lee, made.id, gone=True)
    await service.change(office.viewer("boss"), made.id, 1, office.entry("lee"))
    await service.change(lee, made.id, 2, office.entry("lee", "끝냄"))  # it is his now
    assert (await service.get(made.id)).entry.summary == "끝냄"
    with pytest.raises(NotFound):
        await service.add(kim, "nobody", office.entry("kim"))
    with pytest.raises(InvalidInput):
        await service.add(kim, office.customer_id, replace(ENTRY, user_id="nobody"))


async def test_changed_meanwhile_deleted_and_back(office: Office) -> None:
    service, kim, boss = office.service, office.viewer("kim"), office.viewer("boss")
    made = await service.add(kim, office.customer_id, office.entry("kim"))
    await service.change(kim, made.id, 1, office.entry("kim", "내가"))
    with pytest.raises(Stale) as stale:
        await service.change(boss, made.id, 1, office.entry("kim", "내가 먼저"))
    assert stale.value.theirs.entry.summary == "내가"
    assert stale.value.theirs.version == 2
    await service.delete(kim, made.id, gone=True)
    with pytest.raises(NotFound):
        await service.get(made.id)
    with pytest.raises(NotFound):
        await service.change(boss, made.id, 2, office.entry("kim"))
    await service.delete(kim, made.id, gone=False)
    assert (await service.get(made.id)).entry.summary == "내가"


async def test_phrases_keep_their_numbers(office: Office) -> None:
    service, boss = office.service, office.viewer("boss")
    for text in ("교체", "점검", "수리"):
        await service.add_phrase(boss, text)
    first, second, third = await service.phrases()
    assert [one.digits for one in (first, second, third)] == ["0001", "0002", "0003"]
    await service.remove_phrase(boss, third.id, gone=True)
    added = await service.add_phrase(boss, "배송")
    assert added.digits == "0004", "a removed one may come back"
    assert [one.text for one in await service.phrases(removed=True)] == ["수리"]
    with pytest.raises(InvalidInput, match="0001"):
        await service.add_phrase(boss, " 교체 ")
    with pytest.raises(InvalidInput, match="0003"):
        await service.change_phrase(boss, first.id, "교체", "수리")
    assert (await service.add_phrase(boss, "수리")).id == third.id, "the same one again"
    await service.change_phrase(boss, second.id, "점검", "정기 점검")
    with pytest.raises(StalePhrase) as stale:
        await service.change_phrase(boss, second.id, "점검", "방문 점검")
    assert stale.value.theirs.text == "정기 점검"
    texts = [one.text for one in await service.phrases()]
    assert texts == ["교체", "정기 점검", "수리", "배송"]
