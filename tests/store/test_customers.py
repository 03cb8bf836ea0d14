"""Customers: two edits at once, a number of two people, deletion and its undoing."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from console.customers.files import customer_files
from console.customers.model import Details, Made, Phone, PhoneKind, Stale
from console.customers.rules import merged
from console.customers.service import Customers
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput, NotFound
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

HONG = Details("홍길동", memo="문 앞", phones=(Phone("010-1234-5678", PhoneKind.MOBILE, "개인"),))


@pytest.fixture
def customers(store: Store) -> Customers:
    return customer_files(store, NumberPlan("KR", "02"), lambda: datetime.now(UTC))


async def test_made_found_and_shown(customers: Customers) -> None:
    made = await customers.create(HONG, "u")
    assert made.details.phones[0] == Phone("+821012345678", PhoneKind.MOBILE, "개인")
    for query in ("홍길동", "ㅎㄱㄷ", "5678", "010-1234-5678", "개인", "문 앞"):
        assert [one.id for one in await customers.find(query)] == [made.id], query


async def test_a_form_that_is_sent_twice_is_one_customer(customers: Customers) -> None:
    """Its answer was lost, or somebody came back to it and typed the next one."""
    form = new_id()
    made = await customers.create(HONG, "u", id=form)
    with pytest.raises(Made) as again:
        await customers.create(HONG, "u", id=form)
    assert (again.value.same, again.value.there) == (True, made)
    with pytest.raises(Made) as other:
        await customers.create(dataclasses.replace(HONG, name="김하나"), "u", id=form)
    assert not other.value.same
    assert await customers.count() == 1
    assert (await customers.get(made.id)).details == made.details


async def test_the_second_of_two_edits_is_told_and_nothing_is_lost(customers: Customers) -> None:
    made = await customers.create(HONG, "u")
    await customers.change(made.id, dataclasses.replace(made.details, company="가"), 1, "a")
    mine = dataclasses.replace(made.details, memo="나")
    with pytest.raises(Stale) as stale:
        await customers.change(made.id, mine, 1, "b")
    assert stale.value.mine.memo == "나"
    assert stale.value.theirs.details.company == "가"
    now = await customers.get(made.id)
    assert (now.details.company, now.details.memo, now.version) == ("가", "문 앞", 2)


async def test_saving_after_all_does_not_put_back_what_the_other_changed(
    customers: Customers,
) -> None:
    made = await customers.create(HONG, "u")
    more = (*made.details.phones, Phone("02-555-0100", PhoneKind.WORK))
    theirs = dataclasses.replace(made.details, phones=more, company="가")
    await customers.change(made.id, theirs, 1, "a")
    await customers.change(made.id, dataclasses.replace(theirs, memo="가의 메모"), 2, "a")
    mine = dataclasses.replace(made.details, memo="나의 메모", vip=True)
    with pytest.raises(Stale) as stale:
        await customers.change(made.id, mine, 1, "b")
    saved = await customers.change(made.id, stale.value.mine, stale.value.theirs.version, "b")
    assert (saved.details.company, saved.details.memo, saved.details.vip) == (
        "가",
        "나의 메모",
        True,
    )
    assert [phone.number for phone in saved.details.phones] == ["+821012345678", "+8225550100"]


async def test_the_count_follows(customers: Customers) -> None:
    made = await customers.create(HONG, "u")
    assert await customers.count() == 1
    await customers.create(HONG, "u")
    for _ in range(2):  # the second of two deletions changes nothing
        await customers.delete(made.id, "u")
        assert await customers.count() == 1
    await customers.restore(made.id, "u")
    await customers.restore(made.id, "u")
    assert await customers.count() == 2


def test_edits_of_different_fields_do_not_collide() -> None:
    base = {"name": "a", "memo": "", "company": ""}
    values, colliding = merged(base, base | {"memo": "mine"}, base | {"company": "theirs"})
    assert values == {"name": "a", "memo": "mine", "company": "theirs"}
    assert colliding == []
    values, colliding = merged(base, base | {"memo": "mine"}, base | {"memo": "theirs"})
    assert (values["memo"], colliding) == ("mine", ["memo"])


async def test_a_number_of_two_people_and_the_choice(customers: Customers) -> None:
    first = await customers.create(HONG, "u")
    second = await customers.create(dataclasses.replace(HONG, name="김서준"), "u")
    number = "+821012345678"
    assert {card.customer_id for card in await customers.cards(number)} == {first.id, second.id}
    assert not (await customers.look_up(number))[0].settled
    await customers.choose(number, first.id)
    cards = await customers.cards(number)
    assert (cards[0].customer_id, cards[0].remembered) == (first.id, True)
    assert (await customers.look_up(number))[0].settled
    taken = await customers.with_number(number, but=first.id)
    assert [(one[1], one[2]) for one in taken] == [(second.id, "김서준")]


async def test_who_was_chosen_comes_first_of_however_many(customers: Customers) -> None:
    """A switchboard's number, which a whole building has."""
    first = await customers.create(HONG, "u")
    for _ in range(25):
        await customers.create(HONG, "u")
    await customers.choose("+821012345678", first.id)
    cards = await customers.cards("+821012345678")
    assert (cards[0].customer_id, cards[0].remembered) == (first.id, True)
    assert not any(card.remembered for card in cards[1:])


async def test_every_hit_is_reached_page_by_page(customers: Customers) -> None:
    made = [(await customers.create(HONG, "u")).id for _ in range(5)]
    first = await customers.found("홍길동", size=2)
    second = await customers.found("홍길동", first.next, size=2)
    third = await customers.found("홍길동", second.next, size=2)
    shown = [one.id for page in (first, second, third) for one in page.rows]
    assert (shown, third.next) == (made[::-1], "")


async def test_deleted_and_taken_back(customers: Customers) -> None:
    made = await customers.create(HONG, "u")
    await customers.delete(made.id, "u")
    with pytest.raises(NotFound):
        await customers.get(made.id)
    assert await customers.find("홍길동") == []
    assert await customers.cards("+821012345678") == ()
    await customers.restore(made.id, "u")
    assert [one.id for one in await customers.find("홍길동")] == [made.id]


@pytest.mark.parametrize(
    ("changes", "field", "id"),
    [
        ({"name": "  "}, "name", "customer-name"),
        ({"name": "가" * 201}, "name", "text-long"),
        ({"memo": "가" * 8001}, "memo", "text-long"),
        ({"phones": (Phone("010-12"),)}, "phones.0", "number-form"),
        ({"phones": (Phone("010-1234-5678"), Phone("0505-123-4567"))}, "phones.1", "safety-number"),
        ({"phones": (Phone("101"),)}, "phones.0", "number-internal"),
    ],
)
async def test_what_is_wrong_names_its_field(
    customers: Customers, changes: dict[str, object], field: str, id: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await customers.create(dataclasses.replace(HONG, **changes), "u")  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.id) == (field, id)
    assert await customers.count() == 0


async def test_a_safety_number_is_nobody(customers: Customers) -> None:
    await customers.create(HONG, "u")
    assert await customers.cards("+825051234567") == ()


@pytest.mark.parametrize(
    "name",
    ["김", "가" * 200, "똠방각하", "뷁", "ᄒᆞᆫ글", "ᄒᆞᆫᄀᆞᄅᆞ", "𠮷野家", "🍵 찻집", "👩‍👩‍👧 가족"],
)  # fmt: skip
async def test_names_that_hardly_anybody_has(customers: Customers, name: str) -> None:
    """Rare and old hangul, hanja outside of the first plane, emoji, one letter; 201 are refused."""
    made = await customers.create(Details(name), "u")
    assert (await customers.get(made.id)).name == name
    for query in (name, name.rpartition(" ")[2]):
        assert made.id in [one.id for one in await customers.find(query)], query
    assert made.id in [one.id for one in await customers.quick(name)]
    with pytest.raises(InvalidInput) as long:
        await customers.create(Details(name[0] * 201), "u")
    assert (long.value.field, long.value.details["most"]) == ("name", 200)


async def test_the_longest_name_is_found_by_its_initials(customers: Customers) -> None:
    name = "한빛종합무역" * 33 + "끝"
    made = await customers.create(Details(name, company=name, alias=name), "u")
    assert (made.name, len(name)) == (name, 199)
    for query in ("ㅎㅂㅈㅎㅁㅇ", "ㅁㅇㄲ", "무역끝", name):
        assert made.id in [one.id for one in await customers.find(query)], query
    assert made.id in [one.id for one in await customers.quick("ㅎㅂㅈㅎ")]


async def test_by_last_digits_the_newest_of_many_are_enough(customers: Customers) -> None:
    """S3-20: 4 digits or more from behind, however they are typed; also in the middle."""

    async def made(name: str, number: str) -> str:
        return (await customers.create(Details(name, phones=(Phone(number),)), "")).id

    middle = await made("가운데", "010-5678-0001")
    ids = [await made(f"끝 {place}", f"010-{2000 + place}-5678") for place in range(45)]
    found = [one.id for one in await customers.quick("5678", 60)]
    assert (set(found), found[-1]) == ({middle, *ids}, middle)
    assert [one.id for one in await customers.quick("5678", 9)] == ids[:-10:-1]
    for typed in ("2003-5678", " 2003 5678 ", "010-2003-5678"):
        assert [one.id for one in await customers.quick(typed)] == [ids[3]], typed
    assert await customers.quick("9-5679") == []
