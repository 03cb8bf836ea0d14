"""The call log's filters and pages, on a real database."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from pbxd.calls import queries
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import CallFilter, Comparison, Seconds
from pbxd.calls.record import CallRecord
from pbxd.calls.statement import Match, Named, Side
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def record(minute: int, **changes: object) -> CallRecord:
    base = CallRecord(
        id=new_id(),
        linkedid=f"l{minute}",
        direction=Direction.IN,
        outcome=Outcome.ANSWERED,
        number="+821012345678",
        raw="01012345678",
        name="",
        withheld=False,
        dialled="025550100",
        trunk="city",
        extension="101",
        other_extension="",
        clicked=False,
        started_at=NOON + timedelta(minutes=minute),
        rang_at=None,
        answered_at=None,
        ended_at=NOON + timedelta(minutes=minute, seconds=40),
        end_known=True,
        ring_seconds=5.4,
        talk_seconds=30.9,
        hold_seconds=0,
        cause=16,
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


async def keep(store: Store, *records: CallRecord) -> None:
    async with store.writing() as conn:
        for one in records:
            await queries.save(conn, one, "")


async def ids(store: Store, wanted: CallFilter) -> list[str]:
    async with store.reading() as conn:
        page = await queries.log(conn, wanted)
    return [one.linkedid for one in page.rows]


async def test_internal_calls_are_left_out(store: Store) -> None:
    await keep(store, record(1), record(2, direction=Direction.INTERNAL, number=""))
    assert await ids(store, CallFilter()) == ["l2", "l1"]
    assert await ids(store, CallFilter(external_only=True)) == ["l1"]


@pytest.mark.parametrize(
    ("comparison", "value", "fits"),
    [
        (Comparison.MORE, 30, False),
        (Comparison.MORE, 29, True),
        (Comparison.AT_LEAST, 30, True),
        (Comparison.EQUAL, 30, True),
        (Comparison.EQUAL, 31, False),
        (Comparison.AT_MOST, 30, True),
        (Comparison.LESS, 30, False),
        (Comparison.LESS, 31, True),
    ],
)
async def test_seconds_are_compared_as_they_are_shown(
    store: Store, comparison: Comparison, value: int, fits: bool
) -> None:
    await keep(store, record(1))  # 30.9 s is shown as 0:30
    wanted = CallFilter(talk=Seconds(comparison, value))
    assert bool(await ids(store, wanted)) is fits


@pytest.mark.parametrize(
    ("match", "forms", "fits"),
    [
        (Match.EXACT, ("+821012345678",), True),
        (Match.EXACT, ("+8210123456",), False),
        (Match.STARTS, ("+821012",), True),
        (Match.STARTS, ("+821013",), False),
        (Match.ENDS, ("5678",), True),
        (Match.ENDS, ("567",), False),
        (Match.CONTAINS, ("2345",), True),
        (Match.CONTAINS, ("%",), False),
    ],
)
@pytest.mark.parametrize("days", [0, 1, 90])  # few days are read another way than many
async def test_numbers(
    store: Store, match: Match, forms: tuple[str, ...], fits: bool, days: int
) -> None:
    await keep(store, record(1), record(2, number="", withheld=True))
    since = NOON - timedelta(days=days) if days else None
    until = NOON + timedelta(hours=1)
    wanted = CallFilter(since, until, number="x", number_forms=forms, match=match)
    assert await ids(store, wanted) == (["l1"] if fits else [])


async def test_a_call_is_one_row_and_the_better_known_end_wins(store: Store) -> None:
    guess = record(1, end_known=False, talk_seconds=9.0)
    await keep(store, guess, dataclasses.replace(guess, id=new_id(), end_known=True))
    await keep(store, dataclasses.replace(guess, id=new_id(), end_known=False, talk_seconds=1.0))
    async with store.reading() as conn:
        (row,) = (await queries.log(conn, CallFilter())).rows
    assert (row.id, row.talk_seconds, row.end_known) == (guess.id, 9.0, True)


async def test_pages_follow_each_other_both_ways_and_new_rows_shift_nothing(store: Store) -> None:
    await keep(store, *(record(n) for n in range(25)))
    seen: list[str] = []
    async with store.reading() as conn:
        page = await queries.log(conn, CallFilter(), size=10)
    first = [one.linkedid for one in page.rows]
    assert page.previous == ""
    await keep(store, record(99))
    seen += first
    while page.next:
        async with store.reading() as conn:
            page = await queries.log(conn, CallFilter(), page.next, size=10)
        seen += [one.linkedid for one in page.rows]
    assert seen == [f"l{n}" for n in range(24, -1, -1)]
    async with store.reading() as conn:
        page = await queries.log(conn, CallFilter(), page.previous, size=10)
        assert [one.linkedid for one in page.rows] == seen[10:20]
        page = await queries.log(conn, CallFilter(), page.previous, size=10)
        assert [one.linkedid for one in page.rows] == first


async def test_a_cursor_that_is_none_means_the_first_page(store: Store) -> None:
    await keep(store, record(1))
    async with store.reading() as conn:
        for cursor in ("x", "W10", "bm9uZQ", "ÿ"):
            assert len((await queries.log(conn, CallFilter(), cursor)).rows) == 1


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (CallFilter(outcome=Outcome.MISSED), "ix_calls_outcome"),
        (CallFilter(customer_id="c", outcome=Outcome.MISSED), "ix_calls_customer"),
        (CallFilter(customer_id="c", since=NOON, scope_agent_ids=("a", "b")), "ix_calls_customer"),
        (CallFilter(agent_id="a", direction=Direction.IN), "ix_calls_agent"),
        (CallFilter(scope_agent_ids=("a",), outcome=Outcome.BUSY), "ix_calls_agent"),
        (CallFilter(number="+82101", match=Match.EXACT, agent_id="a"), "ix_calls_number"),
        (CallFilter(number="+82101", match=Match.STARTS, outcome=Outcome.BUSY), "ix_calls_number"),
        (CallFilter(number="678", match=Match.ENDS, agent_id="a"), "ix_calls_number_reversed"),
        (CallFilter(external_only=True, since=NOON), "ix_calls_started_at"),
    ],
)
async def test_the_narrowest_index_leads(store: Store, wanted: CallFilter, index: str) -> None:
    assert await plan_of(store, wanted) == index


async def test_a_number_that_many_have_is_met_by_walking_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "DENSE", 3)
    await keep(store, *(record(n) for n in range(5)))
    wanted = CallFilter(number="+8210", match=Match.STARTS)
    assert await plan_of(store, wanted) == "ix_calls_started_at"
    assert await ids(store, wanted) == ["l4", "l3", "l2", "l1", "l0"]


def named(text: str, match: Match, side: Side, customers: tuple[str, ...] | None) -> CallFilter:
    """Customer c1 is 김서준, agent a1 at 101 is 김하늘, agent a2 at 102 is 이서준."""
    people = {"a1": ("101", "김하늘"), "a2": ("102", "이서준")}
    agents = [id for id, (_, name) in people.items() if match.fits(name, text)]
    ids = ["c1"] if match.fits("김서준", text) else []
    return CallFilter(
        named=Named(
            text, match, side, lambda column: column.in_(ids), customers and tuple(ids),
            tuple(agents), tuple(people[id][0] for id in agents),
        )
    )  # fmt: skip


NAMES = [
    # 0: c1 calls a1, 1: a2 calls c1, 2: 박서준 whom the network names calls a2, 3: a1 calls a2
    ("서준", Match.CONTAINS, "3210", "210", "321"),
    ("김서준", Match.EXACT, "10", "0", "1"),
    ("박서준", Match.EXACT, "2", "2", ""),
    ("서준", Match.EXACT, "", "", ""),
    ("김", Match.STARTS, "310", "30", "10"),
    ("박", Match.STARTS, "2", "2", ""),
    ("서준", Match.STARTS, "", "", ""),
    ("서준", Match.ENDS, "3210", "210", "321"),
    ("하늘", Match.ENDS, "30", "3", "0"),
    ("100%", Match.CONTAINS, "", "", ""),
]


async def test_names_of_who_called_and_who_was_called(store: Store) -> None:
    """By the indexes, and (many customers fit) by walking back in time."""
    await keep(
        store,
        record(0, customer_id="c1", name="KIM", agent_id="a1"),
        record(1, customer_id="c1", agent_id="a2", extension="102", direction=Direction.OUT),
        record(2, name="박서준", agent_id="a2", extension="102"),
        record(3, agent_id="a1", other_extension="102", direction=Direction.INTERNAL, number=""),
    )
    for text, match, either, caller, callee in NAMES:
        for side, places in ((Side.EITHER, either), (Side.CALLER, caller), (Side.CALLEE, callee)):
            for few in (("few",), None):
                found = await ids(store, named(text, match, side, few))
                there = "".join(id.removeprefix("l") for id in found)
                assert there == places, (text, match, side, few)


async def test_a_rare_name_is_found_by_the_indexes(store: Store) -> None:
    await keep(store, *(record(n, name="낯선이" if n == 2 else "") for n in range(5)))
    wanted = named("낯선이", Match.EXACT, Side.EITHER, ("few",))
    assert await ids(store, wanted) == ["l2"]
    assert await plan_of(store, wanted) == "sqlite_autoindex_calls_1"


async def plan_of(store: Store, wanted: CallFilter) -> str:
    """The index by which SQLite finds the page."""
    async with store.reading() as conn:
        said: list[tuple[str, object]] = []

        def listen(_conn: object, _cursor: object, sql: str, values: object, *_: object) -> None:
            said.append((sql, values))

        engine = conn.sync_connection
        event.listen(engine, "before_cursor_execute", listen)
        await queries.log(conn, wanted)
        event.remove(engine, "before_cursor_execute", listen)
        sql, values = said[-1]
        plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)  # type: ignore[arg-type]
        first = plan.first()
    assert first is not None
    return str(first.detail).split(" INDEX ")[1].split()[0]
