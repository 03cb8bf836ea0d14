"""The call log's filters and pages, on a real database."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from pbxd.calls import queries
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import CallFilter, Comparison, Match, Seconds
from pbxd.calls.record import CallRecord
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
