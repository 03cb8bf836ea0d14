"""Many customers deleted and put back: also when something stands in the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.batches.service import Batches
from console.customers.files import customer_files
from console.customers.model import Customer, Details, Phone
from console.customers.service import Customers
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import NotFound
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
