"""Many customers deleted and put back: also when something stands in the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.batches import service
from console.batches.model import BatchKind
from console.batches.service import Batches
from console.customers.files import customer_files
from console.customers.model import Customer, Details, Phone
from console.customers.service import Customers
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, NotFound
from pbxd.store.engine import Store


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def customers(store: Store) -> Customers:
    made = customer_files(store, NumberPlan("KR", "02"), now)
    await made.codes.load()
    await made.fields.load()
    return made


async def test_whose_number_was_given_away_comes_back_with_another(
    store: Store, customers: Customers
) -> None:
    batches = Batches(store, customers, now)
    old = [await customers.create(Details(name, memo="단골"), "u") for name in ("가", "나")]
    batch = await batches.delete([one.id for one in old], "u")
    taken = old[0].details.number
    new = await customers.create(Details("다", number=taken), "u")
    undone = await batches.undo(batch.id, "u")
    assert (undone.done, undone.stayed) == (2, 0)
    back, other = [await customers.get(one.id) for one in old]
    assert (back.details.memo, other.details) == ("단골", old[1].details)
    numbers = {
        back.details.number,
        other.details.number,
        (await customers.get(new.id)).details.number,
    }
    assert len(numbers) == 3
    assert [one.id for one in await customers.quick(back.details.number)] == [back.id]


async def test_who_has_them_open_or_talks_with_them_is_told_both_times(
    store: Store, customers: Customers
) -> None:
    told: list[Customer] = []
    batches = Batches(store, customers, now)
    one = await customers.create(Details("가", phones=(Phone("010-1234-5678"),)), "u")
    customers.on_change(told.append)
    batch = await batches.delete([one.id, "nobody"], "u")
    assert [bool(each.deleted_at) for each in told] == [True]
    assert await customers.cards("+821012345678") == ()
    with pytest.raises(NotFound):
        await customers.get(one.id)
    await batches.undo(batch.id, "u")
    assert [bool(each.deleted_at) for each in told] == [True, False]
    assert [card.customer_id for card in await customers.cards("+821012345678")] == [one.id]


async def test_a_deletion_is_stopped_in_the_middle_and_taken_back_then(
    store: Store, customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 1)
    batches = Batches(store, customers, now)
    made = [await customers.create(Details(name), "u") for name in ("가", "나", "다")]
    id = await batches.begin(BatchKind.DELETE, "", "u")
    customers.on_change(lambda one: batches.stop(id))  # somebody presses Stop after the first

    async def ended(batch_id: str) -> None:
        with pytest.raises(Conflict):
            await batches.undo(id, "u")  # not while it goes on
        await Batches.end(batches, batch_id)

    monkeypatch.setattr(batches, "end", ended)
    await batches.delete_in(id, [one.id for one in made], "u")
    assert await customers.count() == 2
    batch = await batches.get(id)
    assert batch.ended_at is not None
    assert (await batches.undo(id, "u")).done == 1
    assert await customers.count() == 3
