"""Presence on disk: periods without gaps, one open each, and the mirror always says the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pbxd.agents.model import Agent, DeviceKind
from pbxd.agents.presence import By, Options
from pbxd.agents.service import Agents
from pbxd.ami import actions
from pbxd.ami.reply import LINK_LOST, Ending, Reply
from pbxd.bus import Bus
from pbxd.errors import NotFound
from pbxd.events import AgentPresenceChanged, AgentState, PresenceKind
from pbxd.presence import queries
from pbxd.presence.mirror import FAMILY, Mirror
from pbxd.presence.service import OFFERED_FOR, Presences
from pbxd.presence.tables import presence_periods
from pbxd.store.engine import Store

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class AstDb:
    """Asterisk's database behind a link that can be cut."""

    def __init__(self) -> None:
        self.up = True
        self.values: dict[str, str] = {}

    async def send(self, action: actions.Action) -> Reply:
        if not self.up:
            return LINK_LOST
        match action:
            case actions.DBPut(family, key, value) if family == FAMILY:
                self.values[key] = value
            case actions.DBDel(family, key) if family == FAMILY:
                if self.values.pop(key, None) is None:
                    return Reply(Ending.REFUSED)
            case actions.DBGetTree(family) if family == FAMILY:
                if not self.values:
                    return Reply(Ending.REFUSED)
                rows = [{"Key": f"/{FAMILY}/{k}", "Val": v} for k, v in self.values.items()]
                return Reply(Ending.OK, {}, tuple(rows))
        return Reply(Ending.OK)


class Seats:
    """The service on a real store, with a clock that the test turns."""

    def __init__(self, store: Store, astdb: AstDb | None = None) -> None:
        self.store = store
        self.now = NOON
        self.bus = Bus()
        self.astdb = astdb or AstDb()
        self.told: list[AgentPresenceChanged] = []
        self.bus.subscribe(AgentPresenceChanged, self.told.append)
        self.agents = Agents(store, self.bus, lambda: self.now)
        self.mirror = Mirror(self.astdb)
        self.presence = Presences(store, self.bus, self.agents, self.mirror, lambda: self.now)

    async def load(self) -> None:
        await self.agents.load()
        await self.presence.load()

    async def hire(self, extension: str) -> Agent:
        return await self.agents.add(f"상담원{extension}", extension, DeviceKind.DESK)

    def reason(self, word: str) -> str:
        return next(one.id for one in self.presence.reasons() if one.word == word)

    async def set_options(self, options: Options) -> None:
        async with self.store.writing() as conn:
            await queries.keep_options(conn, options)
        await self.presence.load_settings()

    async def again(self) -> Seats:
        """pbxd was killed and started."""
        after = Seats(self.store, self.astdb)
        after.now = self.now
        await after.load()
        return after


@pytest.fixture
async def seats(store: Store) -> Seats:
    made = Seats(store)
    await made.load()
    return made


async def test_an_office_begins_with_five_reasons_and_nothing_switched_on(seats: Seats) -> None:
    words = [reason.word for reason in seats.presence.reasons()]
    assert words == ["break", "meal", "meeting", "training", "other"]
    assert [reason.word for reason in seats.presence.reasons() if reason.rest] == ["break"]
    assert seats.presence.options == Options(0, 0)


async def test_away_is_written_mirrored_told_and_survives_a_restart(seats: Seats) -> None:
    mina = await seats.hire("101")
    assert await seats.presence.away(mina.id, seats.reason("meal"), By.SUPERVISOR, "U1")
    assert seats.astdb.values == {"101": "meal"}
    assert seats.agents.state(mina.id) is AgentState.AWAY
    assert (seats.told[-1].reason, seats.told[-1].reachable) == ("meal", False)
    assert seats.told[-1].until == NOON + timedelta(minutes=60)
    after = await seats.again()
    now = after.presence.of(mina.id)
    assert (now.word, now.since, now.by) == ("meal", NOON, By.SUPERVISOR)
    assert after.told[-1].reason == "meal"
    assert after.agents.state(mina.id) is AgentState.AWAY


async def test_with_the_link_down_it_is_written_and_said_and_made_good_later(seats: Seats) -> None:
    mina = await seats.hire("101")
    seats.astdb.up = False
    assert not await seats.presence.away(mina.id, seats.reason("break"))
    assert seats.astdb.values == {}
    seats.astdb.up = True
    seats.astdb.values["102"] = "meal"  # nobody sits there
    await seats.presence.align()
    assert seats.astdb.values == {"101": "break"}


async def test_a_wrap_up_ends_when_it_should_have_also_while_pbxd_was_dead(seats: Seats) -> None:
    mina = await seats.hire("101")
    await seats.set_options(Options(wrap_up_seconds=30))
    await seats.presence.wrap_up(mina.id)
    assert await seats.presence.extend(mina.id)
    end = NOON + timedelta(seconds=90)
    assert seats.astdb.values == {"101": f"wrap_up:{int(end.timestamp())}"}
    seats.now = NOON + timedelta(hours=1)
    after = await seats.again()
    await after.presence.align()
    now = after.presence.of(mina.id)
    assert (now.kind, now.since) == (PresenceKind.AVAILABLE, end)
    assert seats.astdb.values == {}


async def test_no_wrap_up_while_it_is_switched_off_or_the_agent_is_away(seats: Seats) -> None:
    mina = await seats.hire("101")
    await seats.presence.wrap_up(mina.id)
    assert seats.presence.of(mina.id).reachable
    await seats.set_options(Options(wrap_up_seconds=30))
    await seats.presence.away(mina.id, seats.reason("meal"))
    await seats.presence.wrap_up(mina.id)
    assert seats.presence.of(mina.id).word == "meal"


async def test_a_rest_is_offered_taken_declined_and_forgotten(seats: Seats) -> None:
    mina = await seats.hire("101")
    seats.presence.offer_rest(mina.id)
    offered = seats.presence.rest_offered(mina.id)
    assert offered is not None
    assert offered.word == "break"
    await seats.presence.away(mina.id, offered.id, By.ABUSE)
    assert seats.presence.rest_offered(mina.id) is None
    seats.presence.offer_rest(mina.id)
    seats.presence.decline_rest(mina.id)
    assert seats.presence.rest_offered(mina.id) is None
    seats.presence.offer_rest(mina.id)
    seats.now += OFFERED_FOR
    assert seats.presence.rest_offered(mina.id) is None


async def test_what_is_not_there_is_refused(seats: Seats) -> None:
    mina = await seats.hire("101")
    with pytest.raises(NotFound):
        await seats.presence.away(mina.id, "NOSUCHREASON")
    with pytest.raises(NotFound):
        await seats.presence.away("NOBODY", seats.reason("meal"))
    assert seats.presence.of(mina.id).reachable


async def test_totals_count_each_second_once(seats: Seats) -> None:
    mina = await seats.hire("101")
    meal = seats.reason("meal")
    for minutes in (30, 10):
        await seats.presence.away(mina.id, meal)
        seats.now += timedelta(minutes=minutes)
        await seats.presence.back(mina.id)
        seats.now += timedelta(minutes=5)
    async with seats.store.reading() as conn:
        begin, end = NOON + timedelta(minutes=10), NOON + timedelta(hours=9)
        found = await queries.totals(conn, begin, end, seats.now)
    lasted = {(one.kind, one.reason_id): (one.times, one.seconds) for one in found}
    assert lasted == {
        (PresenceKind.AWAY, meal): (2, 30 * 60),
        (PresenceKind.AVAILABLE, ""): (2, 10 * 60),
    }


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_periods_have_no_gap_and_the_mirror_says_the_same(
    seats: Seats, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a repeatable one is wanted
    staff = [await seats.hire(extension) for extension in ("101", "102", "103")]
    await seats.set_options(Options(wrap_up_seconds=40))
    for _ in range(60):
        one = dice.choice(staff).id
        what = dice.choice(["away", "missed", "back", "wrap_up", "extend", "wait", "cut", "killed"])
        if what == "away":
            await seats.presence.away(one, dice.choice(seats.presence.reasons()).id)
        elif what == "missed":
            await seats.presence.away(one, "", By.AUTO)
        elif what == "wait":
            seats.now += timedelta(seconds=dice.randrange(90))
            await seats.presence.end_due()
        elif what == "cut":
            seats.astdb.up = not seats.astdb.up
            await seats.presence.align()
        elif what == "killed":
            seats = await seats.again()
        else:
            await getattr(seats.presence, what)(one)
        if seats.astdb.up:
            await check_mirror(seats, staff)
    await check_periods(seats)


async def check_mirror(seats: Seats, staff: list[Agent]) -> None:
    await seats.presence.align()
    for agent in staff:
        presence = seats.presence.of(agent.id)
        said = seats.astdb.values.get(agent.extension, "")
        assert (said == "") is presence.reachable
        assert said.startswith("wrap_up:") is (presence.kind is PresenceKind.WRAP_UP)


async def check_periods(seats: Seats) -> None:
    table = presence_periods
    async with seats.store.reading() as conn:
        rows = (await conn.execute(select(table).order_by(table.c.began_at, table.c.id))).all()
    for agent in seats.agents.all():
        mine = [row for row in rows if row.agent_id == agent.id]
        assert [row.ended_at for row in mine[:-1]] == [row.began_at for row in mine[1:]]
        if mine:
            assert mine[-1].ended_at is None
            assert mine[-1].kind == seats.presence.of(agent.id).kind
