"""Customers made one: nothing is lost, and it can be taken back."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select

from console.batches.service import Batches
from console.belongings.queries import belongings
from console.customers.dates import Anniversary
from console.customers.files import customer_files
from console.customers.model import Details, Entry, Phone, PhoneKind, Stale
from console.customers.service import Customers
from console.duplicates.rules import differing, merged
from console.duplicates.service import Duplicates
from console.further_numbers.service import FurtherNumbers
from console.memos.service import Memos  # noqa: F401 - its tables count too
from console.registry import CAPABILITIES
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.store.engine import Store

PLAN = NumberPlan("KR", "02")
texts = st.sampled_from(["", "가", "나"])


@pytest.fixture
def files(store: Store) -> Customers:
    return customer_files(store, PLAN, lambda: datetime.now(UTC))


ONE = Details(
    "홍길동", memo="먼저", phones=(Phone("010-1234-5678"),), vip=True, address="서울",
    entries=(Entry("family", ("배우자", "김", "", "", "")),),
)  # fmt: skip
TWO = Details(
    "홍 길동", memo="나중", company="한빛", no_sms=True, number="K1", address="부산",
    birthday=Anniversary(1980, 1, 2), registered_on=date(2020, 1, 1),
    phones=(Phone("01012345678"), Phone("02-555-0101", PhoneKind.WORK)),
)  # fmt: skip


@given(
    st.builds(Details, name=st.sampled_from(["가", "나"]), company=texts, alias=texts, memo=texts,
              grade=texts, vip=st.booleans(), sex=st.sampled_from(["", "m", "f"])),
    st.builds(Details, name=st.sampled_from(["가", "나"]), company=texts, alias=texts, memo=texts,
              grade=texts, vip=st.booleans(), sex=st.sampled_from(["", "m", "f"])),
    st.sets(st.sampled_from(["name", "company", "alias", "grade"])),
)  # fmt: skip
def test_every_value_stays_or_is_named_as_lost(one: Details, two: Details, take: set[str]) -> None:
    made, lost = merged(one, two, take)
    for name in ("name", "company", "alias", "grade", "sex"):
        for value in (getattr(one, name), getattr(two, name)):
            assert not value or getattr(made, name) == value or name in lost
        both = getattr(one, name) and getattr(two, name)
        wanted = two if name in take and both else one
        if getattr(wanted, name):
            assert getattr(made, name) == getattr(wanted, name)
    assert made.vip == (one.vip or two.vip)
    assert all(part in made.memo for part in (one.memo, two.memo))
    assert set(differing(one, two)) >= set(lost) - {"kind"}


async def test_found_merged_and_taken_back(store: Store, files: Customers) -> None:
    duplicates = Duplicates(store, files, lambda: datetime.now(UTC))
    batches = Batches(store, files, lambda: datetime.now(UTC))
    one, two = await files.create(ONE, "u"), await files.create(TWO, "u")
    await files.create(Details("딴사람", phones=(Phone("010-9999-0000"),)), "u")
    (group,), more = await duplicates.groups("phone", 0)
    assert (group.common, more) == ("+821012345678", False)
    assert [c.id for c in group.customers] == [one.id, two.id]
    calls = next(table for table in belongings() if table.name == "scheduled_calls")
    async with store.writing() as conn:
        await conn.execute(calls.insert().values(**any_row(calls, two.id)))

    said = {"name": "이름: 홍 길동", "number": "번호: K1", "address": "주소: 서울"}
    made = await duplicates.merge(one.id, two.id, (1, 1), {"address"}, said, "u")
    found = made.details
    assert (found.name, found.company, found.address) == ("홍길동", "한빛", "부산")
    assert found.vip
    assert found.no_sms
    assert [p.number for p in found.phones] == ["+821012345678", "+8225550101"]
    for part in ("먼저", "나중", "이름: 홍 길동", "번호: K1", "주소: 서울"):
        assert part in found.memo
    with pytest.raises(NotFound):
        await files.get(two.id)
    assert await _owners(store, calls) == {one.id}
    assert [c.customer_id for c in await files.cards("+8225550101")] == [one.id]

    (batch,) = await batches.all()
    undone = await batches.undo(batch.id, "u")
    assert (undone.done, undone.stayed) == (2, 0)
    assert (await files.get(one.id)).details == one.details
    assert (await files.get(two.id)).details == two.details
    assert await _owners(store, calls) == {two.id}
    assert [c.id for c in await files.find("한빛")] == [two.id]
    with pytest.raises(Conflict):
        await batches.undo(batch.id, "u")


async def test_no_text_is_cut_short_and_no_memo_of_a_number_lost(
    store: Store, files: Customers
) -> None:
    duplicates = Duplicates(store, files, lambda: datetime.now(UTC))
    long = Details("홍길동", remarks="가" * 5000, memo="나" * 5000)
    one, two = await files.create(long, "u"), await files.create(replace(long, memo=""), "u")
    for text in ("remarks", "memo"):
        other = await files.create(Details("홍길동", **{text: "다" * 3001}), "u")
        with pytest.raises(InvalidInput):
            await duplicates.merge(one.id, other.id, (1, 1), (), {}, "u")
        assert (await files.get(other.id)).version == 1
    assert (await duplicates.merge(one.id, two.id, (1, 1), (), {}, "u")).details == one.details

    phone = Phone("010-1234-5678", memo="낮에만")
    one = await files.create(Details("가", phones=(phone,)), "u")
    two = await files.create(Details("가", phones=(replace(phone, memo="배우자"),)), "u")
    made = await duplicates.merge(one.id, two.id, (1, 1), (), {}, "u")
    assert [phone.memo for phone in made.details.phones] == ["낮에만, 배우자"]


async def test_a_number_goes_along_and_comes_back(store: Store, files: Customers) -> None:
    duplicates = Duplicates(store, files, lambda: datetime.now(UTC))
    batches = Batches(store, files, lambda: datetime.now(UTC))
    two = await files.create(TWO, "u")
    one = await files.create(replace(ONE, number="X"), "u")
    await duplicates.merge(one.id, two.id, (1, 1), {"number"}, {}, "u")
    assert (await files.get(one.id)).details.number == "K1"
    (batch,) = await batches.all()
    assert (await batches.undo(batch.id, "u")).done == 2
    assert (await files.get(two.id)).details.number == "K1"
    assert (await files.get(one.id)).details.number == "X"


async def test_of_two_sealed_numbers_both_stay(store: Store, files: Customers) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    duplicates, batches = Duplicates(store, files, now), Batches(store, files, now)
    further = FurtherNumbers(store, files.personal, now)
    first, second, office = "9001011234568", "8505052345671", "2208162517"
    anyway = frozenset({"national_id", "business_number"})
    one = await files.create(replace(ONE, national_id=first, business_number=office), "u", anyway)
    two = await files.create(replace(TWO, national_id=second, business_number=office), "u", anyway)
    asked = differing(one.details, duplicates.alike(one, two).details)
    assert "national_id" in asked
    assert "business_number" not in asked, "the same number, sealed twice"
    for take, own, other in (((), first, second), (("national_id",), second, first)):
        versions = (await files.get(one.id)).version, (await files.get(two.id)).version
        made = await duplicates.merge(one.id, two.id, versions, take, {}, "u")
        assert files.personal.open(made.details.national_id) == own
        (kept,) = await further.of(one.id)
        assert await further.reveal(one.id, kept.id, "u") == other
        assert kept.name == (one.name if take else two.name)
        assert await further.whose(first) == one.id == await further.whose(second)
        await batches.undo((await batches.all())[0].id, "u")
        assert await further.of(one.id) == await further.of(two.id) == []
        assert await further.whose(first) == one.id
        assert await further.whose(second) == two.id
    made = await duplicates.merge(
        one.id, two.id, ((await files.get(one.id)).version, 1), (), {}, "u"
    )
    (kept,) = await further.of(one.id)
    with pytest.raises(NotFound):
        await further.reveal(two.id, kept.id, "u")
    third = await files.create(replace(TWO, number="", national_id=second), "u", anyway)
    await duplicates.merge(third.id, one.id, (1, made.version), (), {}, "u")
    (kept,) = await further.of(third.id)  # not its own number once more
    assert kept.text == "900101-1******"
    await further.remove(third.id, kept.id, "u")
    assert await further.whose(first) == ""


async def test_somebody_changed_one_meanwhile(store: Store, files: Customers) -> None:
    duplicates = Duplicates(store, files, lambda: datetime.now(UTC))
    one, two = await files.create(ONE, "u"), await files.create(TWO, "u")
    await files.change(two.id, two.details, 1, "v")
    with pytest.raises(Conflict):
        await duplicates.merge(one.id, two.id, (1, 1), (), {}, "u")
    assert (await files.get(two.id)).version == 2
    assert await Batches(store, files, lambda: datetime.now(UTC)).all() == []


def test_what_belongs_to_customers_is_known() -> None:
    assert CAPABILITIES
    names = {table.name for table in belongings()}
    assert {"calls", "consultations", "recordings", "scheduled_calls"} <= names
    assert {one.name for one in fields(Details)} >= {"phones", "entries", "custom"}


def any_row(table: Table, customer_id: str) -> dict[str, object]:
    """Any row of it."""
    row: dict[str, object] = {}
    for column in table.columns:
        if column.name == "customer_id":
            row[column.name] = customer_id
        elif not column.nullable:
            kind = column.type.python_type if column.name not in ("at", "made_at") else datetime
            row[column.name] = {str: "x", int: 1, bool: False, float: 0.0}.get(
                kind, datetime.now(UTC)
            )
    return row


async def _owners(store: Store, table: Table) -> set[str]:
    async with store.reading() as conn:
        return {row.customer_id for row in await conn.execute(select(table))}


async def test_undo_leaves_who_was_deleted_since(store: Store, files: Customers) -> None:
    duplicates = Duplicates(store, files, lambda: datetime.now(UTC))
    batches = Batches(store, files, lambda: datetime.now(UTC))
    one, two = await files.create(ONE, "u"), await files.create(TWO, "u")
    await duplicates.merge(one.id, two.id, (1, 1), (), {}, "u")
    await files.delete(one.id, "v")
    (batch,) = await batches.all()
    undone = await batches.undo(batch.id, "u")
    assert (undone.done, undone.stayed) == (1, 1)
    with pytest.raises(NotFound):
        await files.get(one.id)
    assert [c.id for c in await files.find("길동")] == [two.id]


async def test_who_edits_while_a_merge_is_taken_back_loses_nothing(
    store: Store, files: Customers
) -> None:
    duplicates = Duplicates(store, files, lambda: datetime.now(UTC))
    batches = Batches(store, files, lambda: datetime.now(UTC))
    one, two = await files.create(ONE, "u"), await files.create(TWO, "u")
    merged_one = await duplicates.merge(one.id, two.id, (1, 1), (), {}, "u")
    (batch,) = await batches.all()
    await batches.undo(batch.id, "u")
    mine = replace(merged_one.details, alias="길동이")
    with pytest.raises(Stale) as stale:  # typed on the page of the merged one
        await files.change(one.id, mine, merged_one.version, "v")
    assert stale.value.mine == replace(one.details, alias="길동이")
