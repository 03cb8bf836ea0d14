"""The advanced search finds exactly whom a plain look at every customer finds."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.codes.model import LISTS
from console.customer_search import queries, statement
from console.customer_search.forms import wanted_of
from console.customer_search.model import Mode, Range, Wanted
from console.customer_search.service import CustomerSearch
from console.customer_search.ways import Index
from console.customer_sorting.statement import CODED, TEXTS
from console.customers import dates
from console.customers.dates import Anniversary, Calendar
from console.customers.files import customer_files
from console.customers.model import Customer, Details, Phone, PhoneKind
from console.customers.service import Customers
from console.fields.model import Kind
from console.sample import people
from console.sample.details import Knowing, Lists, codes_and_fields
from console.service_records.tables import service_records
from console.trades.service import Trades
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput
from pbxd.store.engine import Store

PLAN = NumberPlan("KR", "02")
SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)
Check = Callable[[Customer], bool]
Costs = dict[tuple[int, ...], float]


class Office:
    """Some hundred customers of whom all is known."""

    def __init__(
        self, files: Customers, search: CustomerSearch, lists: Lists, clock: list[datetime]
    ) -> None:
        self.files, self.search, self.lists = files, search, lists
        self.clock = clock
        self.every: list[Customer] = []

    async def found(self, wanted: Wanted, sort: str = "-new") -> list[str]:
        """All ids, page by page."""
        ids: list[str] = []
        cursor = ""
        while True:
            page = await self.search.page(wanted, sort, cursor, 17)
            ids += [one.id for one in page.rows]
            cursor = page.next
            if not cursor:
                assert await self.search.count(wanted) == len(ids)
                return ids

    async def several(self, ids: list[str]) -> list[Customer]:
        """In the order asked for."""
        known = await self.files.several(ids)
        return [known[id] for id in ids]

    def fits(self, check: Check) -> list[str]:
        """The ids of those that fit, newest first."""
        return sorted((one.id for one in self.every if check(one)), reverse=True)


@pytest.fixture
async def office(store: Store) -> Office:
    clock = [NOW]
    files = customer_files(store, PLAN, lambda: clock[0])
    await files.codes.load()
    await files.fields.load()
    lists = await codes_and_fields(Trades(store, lambda: clock[0], files), files, "")
    search = CustomerSearch(store, files, lambda: NOW, SEOUL, "KR")
    made = Office(files, search, lists, clock)
    chance, since = random.Random(5), date(2020, 1, 1)  # noqa: S311
    knowing = Knowing(lists, TODAY, random.Random(6))  # noqa: S311
    for place in range(300):
        details = knowing.more(people.customer(chance), place + 1, since, made.every)
        made.every.append(await files.create(details, ""))
    gone = await files.create(replace(details, number="GONE"), "")
    await files.delete(gone.id, "")
    return made


def held(text: str) -> Callable[[str], bool]:
    return lambda value: all(part.casefold() in value.casefold() for part in text.split())


class Way(Enum):
    """How a search may go, whatever it costs."""

    CHEAPEST = "cheapest"
    WALK = "walk"
    PAIR = "pair"
    CODE = "code"  # the newest of one

    def go(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """None is rare, and one way is always the cheapest."""

        def listed(counts: Sequence[float], indexes: Sequence[Index], every: int) -> Costs:
            del counts, every
            order = sorted(range(len(indexes)), key=lambda one: -indexes[one].value)
            return {tuple(order[:2]) if self is Way.PAIR else (): 1.0}

        def walked(
            counts: Sequence[float], indexes: Sequence[Index], by_id: Sequence[bool], every: int
        ) -> Costs:
            del counts, every
            first = next((place for place, one in enumerate(by_id) if one), None)
            if first is None or self is not Way.CODE:
                return {}
            own = (place for place, one in enumerate(indexes) if one is Index.OWN)
            return {(first, *islice((place for place in own if place != first), 1)): 0.0}

        if self is not Way.CHEAPEST:
            monkeypatch.setattr(statement, "RARE", 1)
            monkeypatch.setattr(statement, "listed", listed)
            monkeypatch.setattr(statement, "walked", walked)


@pytest.mark.parametrize("way", Way)
async def test_every_condition_alone_and_together(
    office: Office, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.go(monkeypatch)
    code = office.lists.codes["category"]["사무실"]
    group = office.lists.codes["group"]["단골"]
    one = office.every[77]
    fee, heard = (office.lists.fields[label] for label in ("월사용료", "인지경로"))
    asked: list[tuple[Wanted, Check]] = [
        (Wanted(texts=(("name", "김"),)), lambda c: "김" in c.name),
        (Wanted(texts=(("address", "서울 강남"),)), lambda c: held("서울 강남")(c.details.address)),
        (Wanted(texts=(("name", one.name[:2]),), mode=Mode.PREFIX),
         lambda c: c.name.startswith(one.name[:2])),
        (Wanted(texts=(("name", one.name[-1]),), mode=Mode.SUFFIX),
         lambda c: c.name.endswith(one.name[-1])),
        (Wanted(texts=(("name", one.name),), mode=Mode.EXACT), lambda c: c.name == one.name),
        (Wanted(texts=(("number", "A000000078"),)), lambda c: c.details.number == "A000000078"),
        (Wanted(texts=(("number", "A00000007"),), mode=Mode.PREFIX),
         lambda c: c.details.number.startswith("A00000007")),
        (Wanted(texts=(("number", "0078"), ("name", one.name)), mode=Mode.CONTAINS),
         lambda c: "0078" in c.details.number and one.name in c.name),
        (Wanted(phone="010-2"), lambda c: any("102" in p.number for p in c.details.phones)),
        (Wanted(codes=(("category", code),)), lambda c: c.details.category == code),
        (Wanted(group=group), lambda c: group in c.details.groups),
        (Wanted(flags=(("vip", True),)), lambda c: c.details.vip),
        (Wanted(flags=(("no_sms", False),), sex="m"),
         lambda c: not c.details.no_sms and c.details.sex == "m"),
        (Wanted(birth_month=3), lambda c: _part(c, "month") == 3),
        (Wanted(birth_day=5), lambda c: _part(c, "day") == 5),
        (Wanted(birth_year=1980),
         lambda c: _part(c, "year") == 1980),
        (Wanted(age_from=30, age_to=39), lambda c: _age(c) in range(30, 40)),
        (Wanted(own=((fee, Range(20_000, 40_000)),)),
         lambda c: 20_000 <= int(dict(c.details.custom).get(fee, 0)) <= 40_000),
        (Wanted(own=((heard, "검색"),)), lambda c: dict(c.details.custom).get(heard) == "검색"),
        (Wanted(texts=(("address", "서울"),), codes=(("category", code),), age_from=25),
         lambda c: "서울" in c.details.address and c.details.category == code and _age(c) >= 25),
    ]  # fmt: skip
    for wanted, check in asked:
        fits = office.fits(check)
        assert await office.found(wanted) == fits, wanted
        for sort in ("name", "-company", "category", "-contact", fee):
            assert sorted(await office.found(wanted, sort)) == sorted(fits), (wanted, sort)
    assert sum(bool(office.fits(check)) for _, check in asked) >= 15, "most find somebody"


def _part(customer: Customer, part: str) -> int:
    return getattr(customer.details.birthday, part, -1)


def _age(customer: Customer) -> int:
    day = customer.details.birthday
    born = dates.solar(day, "KR") if day else None
    return dates.age(born, TODAY) if born else -1


@pytest.mark.parametrize("way", [Way.CHEAPEST, Way.WALK])
async def test_sorted_by_every_column_both_ways(
    office: Office, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has nothing in the column stands at the end both ways; codes in the office's order."""
    way.go(monkeypatch)
    codes, fields = office.files.codes, office.files.fields
    for place, one in enumerate(office.every[:40]):
        office.clock[0] = NOW + timedelta(minutes=place % 7)
        await office.files.contacted(one.id)
    known = {one.id: place for list in dict(LISTS) for place, one in enumerate(codes.of(list))}
    fee, heard = (office.lists.fields[label] for label in ("월사용료", "인지경로"))

    def value(customer: Customer, word: str) -> Any:
        details, born = customer.details, customer.details.birthday
        own = dict(details.custom)
        mobiles = [one.number for one in details.phones if one.kind is PhoneKind.MOBILE]
        fixed = [one for one in details.phones if one.kind is not PhoneKind.FAX]
        first = [known[id] for id in details.groups[:1]]
        solar = dates.solar(born, "KR") if born else None
        values = {
            "phone": next((one.number for one in fixed if one.number not in mobiles), ""),
            "mobile": next(iter(mobiles), ""),
            "groups": (first, json.dumps(details.groups)) if first else "",
            "birthday": born.month_day if born else "",
            "age": -solar.toordinal() if solar else "",
            "contact": customer.last_contact_at or "",
            "registered_on": details.registered_on.isoformat() if details.registered_on else "",
            fee: float(own.get(fee) or 0) or "",
            heard: own.get(heard, ""),
        }
        if word in ("grade", "category", "method"):
            return known.get(getattr(details, word), "")
        return values[word] if word in values else getattr(details, word)

    every = list((await office.files.several([one.id for one in office.every])).values())
    words = [*TEXTS, *CODED, "birthday", "age", "contact", fee, heard]
    assert {one.word for one in fields.own()} >= {fee, heard}
    for word in words:
        there = [one for one in every if value(one, word) != ""]
        blank = sorted(one.id for one in every if value(one, word) == "")
        for falls in (False, True):
            up = sorted(there, key=lambda one: (value(one, word), one.id), reverse=falls)
            wanted = [value(one, word) for one in up]
            found = await office.found(Wanted(), f"-{word}" if falls else word)
            shown = [value(one, word) for one in await office.several(found[: len(there)])]
            assert shown == wanted, (word, falls)
            assert sorted(found[len(there) :]) == blank, (word, falls)


async def test_whose_birthday_is_today(office: Office) -> None:
    lunar = dates.lunar_of(TODAY, "KR")
    assert lunar is not None
    days = {
        "solar": Anniversary(1980, 11, 21),
        "lunar": replace(lunar, year=1975, calendar=Calendar.LUNAR),
        "other": Anniversary(1980, lunar.month, lunar.day),
    }
    ids = {
        word: (await office.files.create(Details(word, birthday=day), "")).id
        for word, day in days.items()
    }
    found = await office.found(Wanted(birth_within=(TODAY, TODAY)))
    assert ids["solar"] in found
    assert ids["lunar"] in found
    assert ids["other"] not in found


async def test_occasions_to_write_or_call(office: Office) -> None:
    """Days of the next week, solar and lunar, over the end of the year; who was long not heard."""
    first = date(2026, 12, 29)
    week = (first, first + timedelta(days=6))
    made: dict[str, Customer] = {}
    lunar = dates.lunar_of(date(2027, 1, 3), "KR")
    assert lunar is not None
    for word, day in {
        "solar": Anniversary(1990, 1, 2),
        "lunar": replace(lunar, year=0, calendar=Calendar.LUNAR),
        "late": Anniversary(1990, 1, 5),
        "solar by lunar count": Anniversary(0, lunar.month, lunar.day),
    }.items():
        details = Details(word, birthday=day, wedding=day)
        made[word] = await office.files.create(details, "")
    ids = {made["solar"].id, made["lunar"].id}
    for wanted in (Wanted(birth_within=week), Wanted(wedding_within=week)):
        found = set(await office.found(wanted))
        assert found & {one.id for one in made.values()} == ids
    known = {one.id: one for one in await office.several(await office.found(Wanted()))}
    for id in await office.found(Wanted(birth_within=week)):
        day = known[id].details.birthday
        assert day is not None
        coming = dates.following(day, first, "KR")
        assert coming is not None
        assert coming <= week[1]

    heard = office.every[3].id
    office.clock[0] = NOW + timedelta(days=40)
    await office.files.contacted(heard)
    quiet = await office.found(Wanted(quiet_since=TODAY + timedelta(days=30)))
    assert heard not in quiet
    assert len(quiet) == len(known) - 1
    assert await office.found(Wanted(quiet_since=TODAY)) == []


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("week", date(2026, 11, 21), date(2026, 11, 27)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_weeks_and_months(word: str, first: date, last: date) -> None:
    assert wanted_of({"birth_in": word}, (), TODAY).birth_within == (first, last)


async def test_who_was_served(office: Office, store: Store) -> None:
    days = {"2026-03-01": "필터 교체", "2026-04-15": "누수 점검"}
    ids = [one.id for one in office.every[:2]]
    async with store.writing() as conn:
        for place, ((day, summary), id) in enumerate(zip(days.items(), ids, strict=True)):
            await conn.execute(
                service_records.insert().values(
                    id=f"s{place}", customer_id=id, day=day, status="done", summary=summary,
                    served_by="u", served_name="", amount=0, note="", by="u", at=NOW, version=1,
                )
            )  # fmt: skip
    march = (date(2026, 3, 1), date(2026, 3, 31))
    assert await office.found(Wanted(served=march)) == ids[:1]
    assert await office.found(Wanted(summary="점검")) == ids[1:]
    assert await office.found(Wanted(served=march, summary="점검")) == []
    assert await office.found(Wanted(served=(date(2026, 3, 1), None))) == sorted(ids, reverse=True)


async def test_whose_services_reach_an_amount_in_a_period(office: Office, store: Store) -> None:
    much, little, deleted = (one.id for one in office.every[:3])
    async with store.writing() as conn:
        for place, (id, day, amount, gone) in enumerate(
            (
                (much, "2026-03-01", 6000, None),
                (much, "2026-03-20", 4000, None),
                (much, "2026-05-01", 90_000, None),
                (little, "2026-03-05", 9999, None),
                (deleted, "2026-03-05", 50_000, NOW),
            )
        ):
            await conn.execute(
                service_records.insert().values(
                    id=f"s{place}", customer_id=id, day=day, status="done", summary="점검",
                    served_by="u", served_name="", amount=amount, note="", by="u", at=NOW,
                    version=1, deleted_at=gone,
                )
            )  # fmt: skip
    march = (date(2026, 3, 1), date(2026, 3, 31))
    assert await office.found(Wanted(served=march, amount=(10_000, 999_999_999))) == [much]
    assert await office.found(Wanted(served=march, amount=(None, 9999))) == [little]
    assert await office.found(Wanted(amount=(100_000, None))) == [much]
    assert await office.found(Wanted(amount=(100_001, None))) == []


async def test_the_quick_search_has_its_order(office: Office) -> None:
    files = office.files
    made: dict[str, str] = {}
    for word, details in {
        "address": Details("가나", address="대구 7788길 1"),
        "mobile": Details("나나", phones=(Phone("010-7788-0001"),)),
        "phone": Details("다나", phones=(Phone("02-7788-1234", PhoneKind.WORK),)),
        "company": Details("라나", company="7788상사"),
        "name": Details("7788 식당"),
        "number": Details("마나", number="7788"),
    }.items():
        made[word] = (await files.create(details, "")).id
    hits = [one.id for one in await files.quick("7788", 50)]
    order = ["number", "name", "company", "phone", "mobile", "address"]
    assert [word for id in hits for word in made if made[word] == id] == order
    assert (await files.quick("ㅁㄴ", 5))[0].name == "마나"


async def test_kept_added_and_let_go(office: Office) -> None:
    search = office.search
    men = office.fits(lambda c: c.details.sex == "m")
    vips = office.fits(lambda c: c.details.vip)
    assert await search.keep("u", Wanted(sex="m"), anew=True) == len(men)
    await search.keep("u", Wanted(flags=(("vip", True),)), anew=False)
    assert sorted(await search.kept_ids("u")) == sorted({*men, *vips})
    await search.let_go("u", men[:3])
    assert sorted(await search.kept_ids("u")) == sorted({*men, *vips} - set(men[:3]))
    await search.keep("u", Wanted(flags=(("vip", True),)), anew=True)
    assert sorted(await search.kept_ids("u")) == sorted(vips)
    assert await search.kept_ids("somebody else") == []
    page, total = await search.kept("u", "name", "")
    assert total == len(vips)
    assert [one.name for one in page.rows] == sorted(one.name for one in page.rows)


@pytest.mark.parametrize("numbered", [3, 200])
async def test_walking_through_a_result(
    office: Office, numbered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "NUMBERED", numbered)
    wanted = Wanted(sex="f")
    for sort in ("-new", "name", "-company", "category", "-groups", "age", "contact"):
        ids = await office.found(wanted, sort)
        for place in (0, 1, len(ids) // 2, len(ids) - 1):
            customer = await office.files.get(ids[place])
            around = await office.search.around(wanted, sort, customer)
            assert around.previous == (ids[place - 1] if place else ""), (sort, place)
            assert around.next == (ids[place + 1] if place + 1 < len(ids) else ""), (sort, place)
            assert around.first == (ids[0] if place else "")
            assert around.last == (ids[-1] if place + 1 < len(ids) else "")
            assert around.place == (place + 1 if place < numbered else 0)


async def test_who_has_left_the_list_is_not_numbered_and_the_walk_goes_on(office: Office) -> None:
    ids = await office.found(Wanted(sex="f"), "name")
    customer = await office.files.get(ids[1])
    other = replace(customer.details, sex="m")
    await office.files.change(customer.id, other, customer.version, "")
    customer = await office.files.get(customer.id)
    around = await office.search.around(Wanted(sex="f"), "name", customer)
    assert (around.within, around.place) == (False, 0)
    assert (around.previous, around.next, around.last) == (ids[0], ids[2], ids[-1])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"birth_month": "13"}, "birth_month"),
        ({"age_from": "x"}, "age_from"),
        ({"registered_from": "gestern"}, "registered_from"),
        ({"own.f.from": "viel"}, "own.f.from"),
    ],
)
def test_wrong_conditions(values: dict[str, str], field: str) -> None:
    from console.fields.model import Field

    own = [Field("f", "F", Kind.MONEY, "own", own=True)]
    with pytest.raises(InvalidInput) as refusal:
        wanted_of(values, own, TODAY)
    assert refusal.value.field == field
