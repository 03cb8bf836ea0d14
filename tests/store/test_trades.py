"""A trade's words are added in one act, never twice, and taken back as long as they are unused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from console.audit import queries as audit
from console.codes.model import GROUP
from console.consultations.service import Consultations, Written
from console.customers.files import customer_files
from console.customers.model import Details
from console.customers.service import Customers
from console.service_records import queries as services
from console.trades.model import Item, Office, State
from console.trades.queries import office as read_office
from console.trades.service import Trades
from console.users.service import Users
from console.web.context import Viewer
from console.web.i18n import Language
from console.web.permissions import Role
from console.web.queries import SessionRow
from pbxd.app import Daemon, build
from pbxd.errors import Conflict, InvalidInput, NotFound
from tests.loopback import on_loopback


@dataclass(slots=True)
class House:
    """An office without words of its own."""

    daemon: Daemon
    customers: Customers
    consultations: Consultations
    trades: Trades
    viewer: Viewer

    async def items(self, word: str, language: str = "ko") -> list[Item]:
        """What a trade would do now."""
        return [item for part in await self.trades.plan(word, language) for item in part.items]

    async def chosen(self, word: str, language: str = "ko") -> str:
        """Choose all of a trade; the act's id."""
        marks = [one.mark for one in await self.items(word, language)]
        return (await self.trades.apply(word, language, marks, self.viewer.user.id)).id

    async def now(self) -> Office:
        """What the store has."""
        async with self.daemon.store.reading() as conn:
            return await read_office(conn)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    daemon = await build(on_loopback(tmp_path))
    await daemon.agents.load()
    users = Users(daemon.store, daemon.clock)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    boss = await users.create("boss", "boss", "long enough for a test", Role.ADMIN)
    consultations = Consultations(daemon, customers, users, lambda agent, customer: "")
    trades = Trades(daemon.store, daemon.clock, customers, consultations)
    viewer = Viewer(boss, cast(SessionRow, None), cast(Language, None))
    yield House(daemon, customers, consultations, trades, viewer)
    await daemon.stop()


async def test_all_of_a_trade_and_all_of_it_back(house: House) -> None:
    assert house.trades.wanted()
    id = await house.chosen("dental")
    assert not house.trades.wanted()
    codes, fields = house.customers.codes, house.customers.fields
    assert [one.name for one in codes.of(GROUP)] == ["교정", "임플란트", "소아", "일반 진료"]
    assert "알레르기" in [one.label for one in fields.own()]
    assert fields.choice("name").labels == {
        "ko": "환자 이름",
        "zh_Hant": "病患姓名",
        "en": "Patient",
    }
    assert fields.choice("birthday").in_pop
    assert [one.name for one in house.consultations.types(3)] == ["초진", "재진", "보호자"]
    async with house.daemon.store.reading() as conn:
        phrases = await services.phrases(conn)
        (noted,) = (await audit.of_thing(conn, id, "")).rows
    assert [one.number for one in phrases] == list(range(1, 11))
    assert noted.what == "trade.apply"
    assert "스케일링" in noted.after

    assert all(one.state is State.THERE for one in await house.items("dental"))
    with pytest.raises(InvalidInput):
        await house.chosen("dental")
    assert len(await house.trades.acts()) == 1, "nothing twice"

    undone = await house.trades.undo(id, house.viewer.user.id)
    assert undone.stayed == ()
    assert house.trades.wanted()
    after = await house.now()
    assert (after.codes, after.types, after.phrases) == ((), (), ())
    assert all(not one.labels and not one.in_pop for one in after.choices.values())
    assert all(one.state is State.NEW for one in await house.items("dental"))
    with pytest.raises(Conflict):
        await house.trades.undo(id, house.viewer.user.id)


async def test_what_is_used_or_changed_since_stays(house: House) -> None:
    codes, fields, user_id = house.customers.codes, house.customers.fields, house.viewer.user.id
    id = await house.chosen("insurance")
    bought, introduced = codes.named(GROUP, "지인"), codes.named(GROUP, "소개")
    company = codes.named(GROUP, "법인")
    assert bought
    assert introduced
    assert company
    own = {one.label: one.word for one in fields.own()}
    custom = ((own["보험회사"], "한빛생명"),)
    made = await house.customers.create(Details("김가망", groups=(bought.id,), custom=custom), "")
    # one that he had, and has no more: the history still knows it
    once = await house.customers.create(Details("이전", groups=(company.id,)), "")
    await house.customers.change(once.id, Details("이전"), 1, "")
    await codes.change(introduced.id, "소개 고객", "", introduced.position, user_id)
    (first, *_) = house.consultations.types(1)
    types = (first.id, "", "")
    await house.consultations.write(house.viewer, made.id, Written("월 납입금 문의", types))

    undone = await house.trades.undo(id, user_id)
    assert {one.text for one in undone.stayed} == {
        "지인", "소개", "법인", "보험회사", "가망고객 상담",
    }  # fmt: skip
    assert [one.name for one in codes.of(GROUP)] == ["지인", "소개 고객", "법인"]
    assert [one.label for one in fields.own()] == ["보험회사"]
    assert house.consultations.types() == (first,)
    assert (await house.customers.get(made.id)).details.groups == (bought.id,)


async def test_an_office_keeps_what_it_has(house: House) -> None:
    codes, user_id = house.customers.codes, house.viewer.user.id
    mine = await codes.add("grade", "단골 중의 단골", "#123456", user_id)
    id = await house.chosen("retail")
    assert codes.of("grade")[0] == mine
    # words of a second language, the same fields: only what is not there
    chinese = {one.mark: one.state for one in await house.items("retail", "zh_Hant")}
    assert chinese["field/주요 품목"] is State.THERE
    assert chinese["label/company"] is State.THERE
    assert chinese["code/grade/A級"] is State.NEW
    # what the office takes out does not come back
    (gone,) = [one for one in house.consultations.types(2) if one.name == "재고"]
    await house.consultations.remove_type(gone.id, user_id)
    states = {one.mark: one.state for one in await house.items("retail")}
    assert states["type/2/재고"] is State.KEPT
    assert (await house.trades.undo(id, user_id)).stayed == ()
    assert codes.of("grade") == (mine,)


async def test_only_what_is_ticked(house: House) -> None:
    act = await house.trades.apply("temple", "zh_Hant", ["code/group/信徒會", "nonsense"], "")
    assert [one.text for one in act.done] == ["信徒會"]
    assert [one.name for one in house.customers.codes.of(GROUP)] == ["信徒會"]
    with pytest.raises(InvalidInput):
        await house.trades.apply("temple", "ko", [], "")
    with pytest.raises(NotFound):
        await house.trades.apply("nothing", "ko", [], "")
