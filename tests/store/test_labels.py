"""Labels in the store: who gets one, own sheets, what is remembered and written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import text as sql

from console.customers.files import customer_files
from console.customers.model import Details, Entry
from console.labels import rules
from console.labels.model import Options, Sender, Sheet
from console.labels.service import Labels
from console.labels.sheets import A4, STANDARD
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.store.engine import Store

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
OWN = Sheet("", "소포 2 × 3", *A4, 2, 3, 10000, 9000, 400, 1000, 200, 350)


@pytest.fixture
def labels(store: Store) -> Labels:
    return Labels(store, lambda: AT)


async def test_who_gets_one_of_those_that_were_chosen(store: Store, labels: Labels) -> None:
    files = customer_files(store, NumberPlan("KR", "02"), lambda: AT)
    work = Entry("addresses", ("직장", "04524", "서울 세종대로 110", "3층", ""))
    made = [
        await files.create(one, "")
        for one in (
            Details("다", address="서울"),
            Details("가", address="부산", entries=(work,)),
            Details("거절", address="대구", no_label=True),
            Details("집없음", entries=(Entry("family", ("자녀", "나", "", "", "")),)),
            Details("떠남", address="광주"),
        )
    ]
    await files.delete(made[4].id, "")
    ids = [one.id for one in made] + ["nobody"]
    chosen, kinds = await labels.chosen(ids, Options())
    assert chosen.ids == (made[1].id, made[0].id)
    assert [one.name for one in chosen.refused] == ["거절"]
    assert [one.name for one in chosen.homeless] == ["집없음"]
    assert kinds == ("직장",)
    with pytest.raises(InvalidInput, match="20000 labels"):
        await labels.chosen(["x"] * (rules.MOST_LABELS + 1), Options())


async def test_own_sheets(labels: Labels) -> None:
    made = await labels.save_sheet(OWN, "kim")
    assert await labels.sheets() == (made,)
    assert await labels.sheet(made.id) == made
    assert await labels.sheet("gone") == STANDARD[0]
    with pytest.raises(InvalidInput, match="sheet of this name"):
        await labels.save_sheet(OWN, "kim")
    changed = replace(made, width=9500)
    await labels.save_sheet(changed, "kim")
    with pytest.raises(Conflict, match="meanwhile"):
        await labels.save_sheet(changed, "lee")
    assert (await labels.sheet(made.id)).width == 9500
    with pytest.raises(NotFound):
        await labels.save_sheet(replace(OWN, id="gone", name="x"), "kim")
    await labels.remove_sheet(made.id, "kim", gone=True)
    assert await labels.sheets() == ()
    assert [one.name for one in await labels.sheets(removed=True)] == ["소포 2 × 3"]
    await labels.remove_sheet(made.id, "kim", gone=False)
    assert len(await labels.sheets()) == 1


async def test_each_printing_is_written_down_and_its_choice_remembered(
    store: Store, labels: Labels
) -> None:
    assert await labels.last_choice("kim") == ""
    await labels.printed("kim", "kept", ["a", "b"], 4, STANDARD[1], "chosen=true&company=true")
    await labels.printed("kim", "s:vip=yes", map(str, range(500)), 500, STANDARD[2], "chosen=true")
    assert await labels.last_choice("kim") == "chosen=true"
    assert await labels.last_choice("lee") == ""
    async with store.reading() as conn:
        rows = await conn.execute(sql("SELECT after FROM audit WHERE what = 'labels.print'"))
        said = [orjson.loads(row[0]) for row in rows]
    assert said[0]["customers"] == ["a", "b"]
    assert said[0]["count"] == 4
    assert said[1]["customers"] == 500, "of many only how many"


async def test_the_office_as_a_sender(labels: Labels) -> None:
    assert await labels.sender() == Sender()
    office = Sender("한빛상사", "04157", "마포대로 38", "02-555-0100")
    await labels.set_sender(office, "kim")
    await labels.set_sender(replace(office, phone=""), "kim")
    assert await labels.sender() == replace(office, phone="")
