"""The office's reasons: added, renamed, ordered, taken out of use; each change is written down."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from console.agents.service import PresenceSettings
from console.audit.tables import audit
from pbxd.agents.presence import Options
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import PresenceChoicesChanged
from pbxd.presence import queries
from pbxd.store.engine import Store
from tests.store.test_presence import Seats

ADMIN = "01ADMIN"


class Office:
    def __init__(self, seats: Seats) -> None:
        self.seats = seats
        self.settings = PresenceSettings(seats.store, seats.presence, seats.bus, lambda: seats.now)
        self.told: list[PresenceChoicesChanged] = []
        seats.bus.subscribe(PresenceChoicesChanged, self.told.append)

    @property
    def words(self) -> list[str]:
        return [reason.name or reason.word for reason in self.seats.presence.reasons()]


@pytest.fixture
async def office(store: Store) -> Office:
    seats = Seats(store)
    await seats.load()
    return Office(seats)


async def test_added_changed_moved_and_told_to_all_pages(office: Office) -> None:
    bank = await office.settings.add("  은행   업무 ", 20, False, ADMIN)
    assert office.words[-1] == "은행 업무"
    await office.settings.up(bank.id)
    assert office.words[-2:] == ["은행 업무", "other"]
    await office.settings.change(bank.id, "은행", None, True, ADMIN)
    marked = [reason.name for reason in office.seats.presence.reasons() if reason.rest]
    assert marked == ["은행"]
    assert len(office.told) == 3
    async with office.seats.store.reading() as conn:
        rows = (await conn.execute(select(audit).order_by(audit.c.id))).all()
    assert [row.what for row in rows] == ["presence.reason", "presence.reason"]
    assert json.loads(rows[1].before)["name"] == "은행 업무"
    assert json.loads(rows[1].after)["name"] == "은행"
    assert {row.user_id for row in rows} == {ADMIN}


async def test_used_now_it_stays_used_once_it_is_retired_never_used_it_goes(
    office: Office,
) -> None:
    seats = office.seats
    mina = await seats.hire("101")
    meal, training = seats.reason("meal"), seats.reason("training")
    await seats.presence.away(mina.id, meal)
    with pytest.raises(Conflict) as refused:
        await office.settings.remove(meal, ADMIN)
    assert refused.value.details == {"name": "상담원101"}
    await seats.presence.back(mina.id)
    await office.settings.remove(meal, ADMIN)
    await office.settings.remove(training, ADMIN)
    async with seats.store.reading() as conn:
        kept = {reason.word: reason.retired for reason in await queries.reasons(conn)}
    assert kept["meal"] is True
    assert "training" not in kept
    with pytest.raises(NotFound):
        await seats.presence.away(mina.id, meal)
    with pytest.raises(NotFound):
        await office.settings.remove(meal, ADMIN)


async def test_somebody_away_keeps_the_reason_that_is_renamed(office: Office) -> None:
    mina = await office.seats.hire("101")
    meal = office.seats.reason("meal")
    await office.seats.presence.away(mina.id, meal)
    await office.settings.change(meal, "점심", 50, False, ADMIN)
    reason = office.seats.presence.of(mina.id).reason
    assert reason is not None
    assert (reason.name, reason.word) == ("점심", "meal")


async def test_wrong_input_changes_nothing(office: Office) -> None:
    for name, minutes in (("", None), ("가" * 41, None), ("은행", 0), ("은행", 601)):
        with pytest.raises(InvalidInput):
            await office.settings.add(name, minutes, False, ADMIN)
    await office.settings.add("은행", None, False, ADMIN)
    with pytest.raises(InvalidInput) as twice:
        await office.settings.add("은행", None, False, ADMIN)
    assert (twice.value.id, twice.value.field) == ("reason-twice", "name")
    with pytest.raises(InvalidInput):
        await office.settings.set_options(Options(901, 0), ADMIN)
    assert office.seats.presence.options == Options()
    assert len(office.words) == 6
