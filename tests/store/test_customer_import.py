"""Files of customers as they really come: odd ones, broken ones, and what stops in the middle."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from console.audit import queries as audit
from console.batches.model import What
from console.batches.service import Batches
from console.customer_history.service import CustomerHistory
from console.customer_import import apart
from console.customer_import import service as importing
from console.customer_import.model import Counts, Import, Plan, Policy, State
from console.customer_import.service import Imports
from console.customers.files import customer_files
from console.customers.service import Customers
from console.running import running
from console.web.i18n import Languages
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, InvalidInput
from pbxd.store.engine import Store
from pbxd.store.metadata import metadata
from pbxd.tasks import Supervisor
from tests.loopback import on_loopback
from tests.store.test_duplicates import any_row

T = TypeVar("T")


class Watched(Supervisor):
    """Gives away what it runs."""

    last: asyncio.Task[Any] | None = None

    def once(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = super().once(name, work)
        self.last = task
        return task


class Office:
    """The services round the customers."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.customers: Customers = customer_files(store, NumberPlan("KR", "02"), self.now)
        self.batches = Batches(store, self.customers, self.now)
        self.history = CustomerHistory(store, self.now)
        self.supervisor = Watched()
        self.languages = Languages("ko", ZoneInfo("Asia/Seoul"))
        self.imports = Imports(
            store, self.customers, self.batches, self.languages, self.supervisor, self.now, folder
        )

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sent(self, data: bytes, name: str = "a.xlsx", **plan: Any) -> Import:
        async def save(target: Path) -> str:
            await asyncio.to_thread(target.write_bytes, data)
            return name

        one = await self.imports.add(save, "")
        return await self.imports.plan(one.id, replace(one.plan, **plan)) if plan else one

    async def ran(self, id: str, *, dry: bool = False) -> Import:
        await self.imports.start(id, dry=dry)
        return await self.ended(id)

    async def ended(self, id: str) -> Import:
        assert self.supervisor.last is not None
        await asyncio.wait([self.supervisor.last])
        return await self.imports.get(id)

    def rows(self, one: Import) -> list[list[str]]:
        return self.imports.sample(one.id, 10**6)


@pytest.fixture
async def office(store: Store, tmp_path: Path) -> Office:
    made = Office(store, tmp_path / "imports")
    await made.customers.codes.load()
    await made.customers.fields.load()
    return made


def excel(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def many(count: int) -> bytes:
    lines = [
        f"손님{place},010-{2000 + place // 10000}-{place % 10000:04}" for place in range(count)
    ]
    return "\r\n".join(["이름,휴대폰", *lines]).encode()


async def test_a_row_with_too_much_can_be_put_right(office: Office) -> None:
    one = await office.sent(
        excel(
            ["이름", "메모", "휴대폰", "이름"],
            ["가", "", 1012345678, "두 번째"],
            ["나", "가" * 32_767, "010-1234-5679", None],
        )
    )
    assert one.plan.columns == ("name", "memo", "mobile", "")
    done = await office.ran(one.id)
    assert done.counts == Counts(created=1, wrong=1)
    assert done.zeros == 1
    (wrong,) = office.imports.wrong(one.id, office.languages.default)
    assert (wrong[0], len(wrong[2][1])) == (3, 32_767), "the whole row"
    assert "最多" in next(office.imports.wrong(one.id, office.languages["zh_Hant"]))[1], "to each"


async def test_a_wrong_guess_is_put_right(office: Office) -> None:
    data = "이름|주소\n가,나|다\n".replace("|", ";").encode("cp949")
    one = await office.sent(data, "a.csv", coding="big5")
    assert office.rows(one)[0][0] != "이름"
    one = await office.imports.plan(one.id, replace(one.plan, coding="cp949", separator=","))
    assert office.rows(one) == [["이름;주소"], ["가", "나;다"]]
    one = await office.imports.plan(one.id, replace(one.plan, separator=""))
    assert office.rows(one)[1] == ["가,나", "다"]
    assert one.plan.columns == ("name", "address")


async def test_an_empty_sheet_is_chosen_after_all(office: Office) -> None:
    book = Workbook()
    book.create_sheet("빈").append([])
    sheet = book.create_sheet("고객")
    for row in (["이름"], ["가"]):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    one = await office.sent(out.getvalue())
    assert one.plan.sheet == 2
    one = await office.imports.plan(one.id, replace(one.plan, sheet=0))
    assert (one.total, office.rows(one)) == (0, [])
    with pytest.raises(InvalidInput):
        await office.imports.start(one.id, dry=True)


async def test_stopped_in_the_middle_it_goes_on_and_nobody_is_there_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 10)
    one = await office.sent(many(95), "a.csv", policy=Policy.NEW)
    await office.imports.start(one.id, dry=False)
    while not office.imports._live[one.id].counts.done:
        await asyncio.sleep(0)
    await office.imports.cancel(one.id)
    with pytest.raises(Conflict):  # it writes still
        await office.batches.undo((await office.imports.get(one.id)).batch_id, "")
    stopped = await office.ended(one.id)
    assert stopped.state is State.CANCELLED
    assert 0 < await office.customers.count() == stopped.counts.created < 95
    with pytest.raises(Conflict):  # from the top would make them once more
        await office.imports.start(one.id, dry=False)
    await office.imports.go_on(one.id)
    done = await office.ended(one.id)
    assert (done.state, done.counts) == (State.DONE, Counts(created=95))
    assert await office.customers.count() == 95
    (batch,) = await office.batches.all()
    assert batch.counts == {What.CREATED: 95}


async def test_read_in_a_process_of_its_own_that_is_killed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "FEW", 10)
    monkeypatch.setattr(importing, "CHUNK", 10)
    rows = [[f"손님{place}", f"010-2000-{place:04}", "단골"] for place in range(300)]
    rows[250:252] = [["어긋난", "전화 없음", ""], ["", "", ""]]
    data = "\r\n".join(map(",".join, [["이름", "휴대폰", "등급"], *rows])).encode()
    one = await office.sent(data, "a.csv", policy=Policy.NEW)
    await office.imports.start(one.id, dry=False)
    while not office.imports._live[one.id].counts.done:
        await asyncio.sleep(0)
    for child in multiprocessing.active_children():
        child.kill()
    failed = await office.ended(one.id)
    assert failed.state is State.FAILED
    assert failed.cut_short
    assert await office.customers.count() == failed.counts.created
    await office.imports.go_on(one.id)
    done = await office.ended(one.id)
    assert (done.state, done.counts) == (State.DONE, Counts(created=298, skipped=1, wrong=1))
    (wrong,) = office.imports.wrong(one.id, office.languages.default)
    assert (wrong[0], wrong[2][0]) == (252, "어긋난")
    assert "전화 없음" in wrong[1], "in the office's words"
    (found,) = await office.customers.find("01020000299")
    grade = office.customers.codes.named("grade", "단골")
    assert grade is not None
    assert found.details.grade == grade.id


async def test_sealed_numbers_come_from_the_process_with_the_office_s_key(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "FEW", 0)
    rows = (["이름", "사업자번호"], ["가나상사", "220-81-62517"], ["틀린상사", "220-81-62518"])
    one = await office.sent(excel(*rows))
    done = await office.ran(one.id)
    assert done.counts == Counts(created=1, wrong=1)
    (found,) = await office.customers.find("가나상사")
    assert office.customers.personal.open(found.details.business_number) == "2208162517"
    mark = office.customers.derived(found.details).business_mark
    assert mark == office.customers.personal.mark("2208162517")


async def test_what_was_taken_back_does_not_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 10)
    one = await office.sent(many(50), "a.csv")
    await office.imports.start(one.id, dry=False)
    while not office.imports._live[one.id].counts.done:
        await asyncio.sleep(0)
    await office.imports.cancel(one.id)
    stopped = await office.ended(one.id)
    await office.batches.undo(stopped.batch_id, "")
    with pytest.raises(Conflict):
        await office.imports.go_on(one.id)
    assert await office.customers.count() == 0


async def test_a_disk_that_is_full_while_it_is_read_in(office: Office) -> None:
    one = await office.sent(many(2_000), "a.csv")
    async with office.store.writing() as conn:
        pages = (await conn.execute(text("PRAGMA page_count"))).scalar_one()
    async with office.store._writer.connect() as conn:
        await conn.execute(text(f"PRAGMA max_page_count = {pages + 120}"))
    failed = await office.ran(one.id)
    assert failed.state is State.FAILED
    assert failed.cut_short
    assert 0 < await office.customers.count() == failed.counts.created < 2_000
    async with office.store._writer.connect() as conn:
        await conn.execute(text("PRAGMA max_page_count = 100000000"))
    await office.imports.go_on(one.id)
    done = await office.ended(one.id)
    assert done.counts == Counts(created=2_000)
    assert await office.customers.count() == 2_000


async def test_a_disk_that_is_full_when_the_file_comes(office: Office, tmp_path: Path) -> None:
    async def full(_: Path) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InvalidInput) as refusal:
        await office.imports.add(full, "")
    assert refusal.value.id == "file-room"
    assert not list((tmp_path / "imports").glob("*"))


async def test_undo_leaves_whom_somebody_has_worked_with(office: Office) -> None:
    one = await office.sent(many(3), "a.csv")
    batch_id = (await office.ran(one.id)).batch_id
    seen, called, edited = sorted(
        (await office.customers.page()).rows, key=lambda customer: customer.name
    )
    async with office.store.writing() as conn:
        for name, customer in (("scheduled_calls", seen), ("calls", called)):
            table = metadata.tables[name]
            await conn.execute(table.insert().values(**any_row(table, customer.id)))
    await office.customers.change(
        edited.id, replace(edited.details, memo="단골"), edited.version, "u"
    )
    undone = await office.batches.undo(batch_id, "")
    assert (undone.done, undone.stayed) == (1, 2)
    left = {customer.id for customer in (await office.customers.page()).rows}
    assert left == {seen.id, edited.id}, "a call alone is in the call log as well"


async def test_each_customer_s_history_names_the_file(office: Office) -> None:
    plan = Plan(columns=("name", "mobile", "address"), policy=Policy.UPDATE)
    first = await office.sent(excel(["이름", "휴대폰", "주소"], ["가", "010-1234-5678", "서울"]),
                              "처음.xlsx")  # fmt: skip
    await office.ran(first.id)
    (one,) = await office.customers.find("01012345678")
    second = await office.sent(excel(["이름", "휴대폰", "주소"], ["가", "010-1234-5678", "부산"]),
                               "다음.xlsx", policy=plan.policy)  # fmt: skip
    done = await office.ran(second.id)
    lines = (await office.history.page(one.id, "", views=True)).rows
    assert [(line.note.what, line.batch and line.batch.name) for line in lines] == [
        ("customer.change", "다음.xlsx"), ("customer.create", "처음.xlsx"),
    ]  # fmt: skip
    assert '"서울"' in lines[1].note.after, "as it came, not as it is"
    assert ('"서울"' in lines[0].note.before, '"부산"' in lines[0].note.after) == (True, True)
    await office.batches.undo(done.batch_id, "")
    await office.batches.delete([one.id], "")
    lines = (await office.history.page(one.id, "", views=True)).rows
    assert [(line.note.what, line.batch and line.batch.kind.value) for line in lines] == [
        ("customer.delete", "delete"), ("customer.undo", "import"),
        ("customer.change", "import"), ("customer.create", "import"),
    ]  # fmt: skip
    async with office.store.reading() as conn:
        assert len((await audit.of_thing(conn, one.id, "")).rows) == 3


async def test_pbxd_stops_in_the_middle_and_goes_on_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "FEW", 10)
    monkeypatch.setattr(importing, "CHUNK", 10)

    async def save(target: Path) -> str:
        await asyncio.to_thread(target.write_bytes, many(300))
        return "a.csv"

    async with running(on_loopback(tmp_path)) as now:
        imports = now.console.services.imports
        one = await imports.add(save, "")
        await imports.start(one.id, dry=False)
        while not imports._live[one.id].counts.done:
            await asyncio.sleep(0)
    async with running(on_loopback(tmp_path)) as now:
        imports = now.console.services.imports
        before = imports._live[one.id].counts.done
        assert 0 < before < 300
        while one.id in imports._live:
            await asyncio.sleep(0)
        done = await imports.get(one.id)
        assert (done.state, done.counts) == (State.DONE, Counts(created=300))
        assert await now.console.services.customers.count() == 300
