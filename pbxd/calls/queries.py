"""Statements about the history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.calls.model import Direction, Leg, Outcome, Unanswered
from pbxd.calls.record import CallRecord
from pbxd.calls.statement import Match, Named, begins, contains
from pbxd.calls.tables import call_legs, calls, cel_cursors
from pbxd.store import sorting
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by
from pbxd.store.types import UtcMs

_AT = type_coerce(calls.c.started_at, UtcMs().impl)
NEWEST = By(_AT, falls=True, indexed=True)
DENSE = 20_000  # calls with a number: from here on, most pages of the log hold one


class Comparison(StrEnum):
    """How a filter of seconds is meant."""

    MORE = ">"
    AT_LEAST = "≥"
    EQUAL = "="
    AT_MOST = "≤"
    LESS = "<"


@dataclass(frozen=True, slots=True)
class Seconds:
    """A filter such as "talked ≥ 60 s" (whole seconds, as the list shows them)."""

    comparison: Comparison
    value: int


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What the call log shows; empty means all. Times UTC, `until` excluded."""

    since: datetime | None = None
    until: datetime | None = None
    direction: Direction | None = None
    outcome: Outcome | None = None
    agent_id: str = ""
    customer_id: str = ""
    named: Named | None = None
    number: str = ""  # digits, perhaps with +
    number_forms: tuple[str, ...] = ()  # the stored spellings that `number` may have
    match: Match = Match.CONTAINS
    ring: Seconds | None = None
    talk: Seconds | None = None
    external_only: bool = False  # S4-26
    scope_agent_ids: tuple[str, ...] | None = None  # None: all that the role may see


async def save(conn: AsyncConnection, record: CallRecord, node: str) -> None:
    """Write a record, or bring an earlier one of the same linkedid up to date.

    The customer and the note of an earlier one stay, and a hold that only it saw (CEL knows of
    none); all else is replaced unless the earlier one knows the end and this one does not.
    """
    values = _values(record, node)
    kept = ("id", "node", "linkedid", "customer_id", "note")
    fresh = {name: value for name, value in values.items() if name not in kept}
    statement = upsert(calls).values(**values)
    new_hold = statement.excluded.hold_seconds
    fresh["hold_seconds"] = case(
        (new_hold > calls.c.hold_seconds, new_hold), else_=calls.c.hold_seconds
    )
    written = await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["node", "linkedid"],
            set_=fresh,
            where=or_(calls.c.end_known.is_(False), statement.excluded.end_known.is_(True)),
        ).returning(calls.c.id)
    )
    id = written.scalar_one_or_none()
    if id is None:
        return
    await conn.execute(delete(call_legs).where(call_legs.c.call_id == id))
    if record.legs:
        rows = [_leg_values(id, position, leg) for position, leg in enumerate(record.legs)]
        await conn.execute(insert(call_legs), rows)


async def add_many(conn: AsyncConnection, records: Sequence[CallRecord], node: str) -> None:
    """Write records that are surely new (the sample office, a benchmark), without their legs."""
    await conn.execute(insert(calls), [_values(record, node) for record in records])


async def complete(conn: AsyncConnection, node: str, linkedid: str) -> bool:
    """Is there a record whose end is known?"""
    found = await conn.execute(
        select(calls.c.end_known).where(calls.c.node == node, calls.c.linkedid == linkedid)
    )
    return bool(found.scalar_one_or_none())


async def set_customer(conn: AsyncConnection, call_id: str, customer_id: str) -> bool:
    """Bind a recorded call to a customer; False when there is no such record."""
    done = await conn.execute(
        update(calls).where(calls.c.id == call_id).values(customer_id=customer_id)
    )
    return done.rowcount > 0


async def by_id(conn: AsyncConnection, call_id: str) -> CallRecord | None:
    """One record, without its legs."""
    row = (await conn.execute(select(calls).where(calls.c.id == call_id))).one_or_none()
    return None if row is None else _record(row)


async def log(
    conn: AsyncConnection, wanted: CallFilter, cursor: str = "", size: int = 50, by: By = NEWEST
) -> Page[CallRecord]:
    """One page of the call log, newest first or in another order."""
    conditions, at = await _fitting(conn, wanted)
    by = replace(by, key=at) if by.indexed else by
    return await page_by(
        conn, select(calls).where(*conditions), calls.c.id, by, cursor, _record, size
    )


async def few(conn: AsyncConnection, wanted: CallFilter) -> bool:
    """Can they be sorted by what no index has?"""
    conditions, _ = await _fitting(conn, wanted)
    return await sorting.few(conn, select(calls.c.id).where(*conditions))


async def _fitting(
    conn: AsyncConnection, wanted: CallFilter
) -> tuple[list[ColumnElement[bool]], ColumnElement[Any]]:
    """What holds of them, and when they began."""
    rare = await _rare(conn, wanted)
    leading = calls.c.id if rare is not None else await _leading(conn, wanted)
    # the few are found by their ids and sorted: + 0 is out of the other indexes' sight
    at = _AT if rare is None else type_coerce(_AT + 0, UtcMs().impl)
    conditions = _conditions(wanted, leading, at)
    return [*conditions, calls.c.id.in_(rare)] if rare is not None else conditions, at


async def _rare(conn: AsyncConnection, wanted: CallFilter) -> Select[Any] | None:
    """The ids of calls with a rare name; None: walk, or another index leads."""
    found = wanted.named.candidates() if wanted.named is not None else None
    if found is None or wanted.customer_id:
        return None
    some = found.limit(DENSE).subquery()
    counted = (await conn.execute(select(func.count()).select_from(some))).scalar_one()
    return found if counted < DENSE else None


async def newest_at(conn: AsyncConnection) -> datetime | None:
    """When the newest recorded call started."""
    found = await conn.execute(
        select(calls.c.started_at).order_by(calls.c.started_at.desc()).limit(1)
    )
    return found.scalar_one_or_none()


async def cursor_of(conn: AsyncConnection, file: str) -> tuple[int, int] | None:
    """How far a CEL file was read: its inode and the offset."""
    row = (
        await conn.execute(
            select(cel_cursors.c.inode, cel_cursors.c.offset).where(cel_cursors.c.file == file)
        )
    ).one_or_none()
    return None if row is None else (row.inode, row.offset)


async def set_cursor(conn: AsyncConnection, file: str, inode: int, offset: int) -> None:
    """Remember how far a CEL file was read."""
    statement = upsert(cel_cursors).values(file=file, inode=inode, offset=offset)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["file"], set_={"inode": inode, "offset": offset}
        )
    )


def _conditions(
    wanted: CallFilter, leading: Column[str] | None, at: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(at >= _ms(wanted.since))
    if wanted.until is not None:
        found.append(at < _ms(wanted.until))
    exactly = {
        calls.c.direction: wanted.direction.value if wanted.direction else "",
        calls.c.outcome: wanted.outcome.value if wanted.outcome else "",
        calls.c.agent_id: wanted.agent_id,
        calls.c.customer_id: wanted.customer_id,
    }
    for column, value in exactly.items():
        if value:
            found.append(_by_the_way(column, leading) == value)
    if wanted.named is not None:
        found.append(wanted.named.holds())
    if wanted.number:
        found.append(_number(wanted, leading))
    if wanted.ring is not None:
        found.append(_seconds(calls.c.ring_seconds, wanted.ring))
    if wanted.talk is not None:
        found.append(_seconds(calls.c.talk_seconds, wanted.talk))
    if wanted.external_only:
        found.append(_by_the_way(calls.c.direction, leading) != Direction.INTERNAL.value)
    if wanted.scope_agent_ids is not None:
        found.append(_by_the_way(calls.c.agent_id, leading).in_(wanted.scope_agent_ids))
    return found


async def _leading(conn: AsyncConnection, wanted: CallFilter) -> Column[str] | None:
    """The one column whose index finds the page; None: walk back in time.

    The database would choose among indexes by luck (of a customer's missed calls it walked all
    missed ones: 18 s among ten million).
    """
    if wanted.customer_id:
        return calls.c.customer_id
    if wanted.number and not await _dense(conn, wanted):
        return calls.c.number_reversed if wanted.match is Match.ENDS else calls.c.number
    if wanted.agent_id or len(wanted.scope_agent_ids or ()) == 1:
        return calls.c.agent_id
    if wanted.outcome is not None:
        return calls.c.outcome
    return None if wanted.direction is None else calls.c.direction


async def _dense(conn: AsyncConnection, wanted: CallFilter) -> bool:
    """Do so many calls fit the number that walking back in time soon meets a page of them?"""
    if wanted.match is Match.CONTAINS:
        return _short(wanted)
    column = calls.c.number_reversed if wanted.match is Match.ENDS else calls.c.number
    some = select(column).where(_number(wanted, column)).limit(DENSE).subquery()
    counted = await conn.execute(select(func.count()).select_from(some))
    return counted.scalar_one() == DENSE


def _by_the_way(column: Column[str], leading: Column[str] | None) -> ColumnElement[str]:
    """A column that only sorts out what the leading one has found: out of its index's sight."""
    return column if column is leading else func.coalesce(column, "")


def _number(wanted: CallFilter, leading: Column[str] | None) -> ColumnElement[bool]:
    """Any of the stored spellings; starts and ends are ranges of an index, contains is a scan."""
    forms = wanted.number_forms or (wanted.number,)
    number = _by_the_way(calls.c.number, leading)
    match wanted.match:
        case Match.EXACT:
            return number.in_(forms)
        case Match.STARTS:
            return or_(*(begins(number, form) for form in forms))
        case Match.ENDS:
            reverse = _by_the_way(calls.c.number_reversed, leading)
            return or_(*(begins(reverse, form[::-1]) for form in forms))
        case Match.CONTAINS if calls.c.number is not leading:
            return contains(calls.c.number, forms)
        case Match.CONTAINS:
            # through the index of numbers: ten million rows in 0.5 s instead of 36
            numbers = calls.alias("numbers").c.number
            return number.in_(select(numbers).where(contains(numbers, forms)))


def _short(wanted: CallFilter) -> bool:
    """So few days that reading each row is faster."""
    if wanted.since is None:
        return False
    return (wanted.until or datetime.now(UTC)) - wanted.since < timedelta(days=14)


def _seconds(column: ColumnElement[float], wanted: Seconds) -> ColumnElement[bool]:
    """The list shows whole seconds (rounded down), so that is what is compared."""
    value = wanted.value
    match wanted.comparison:
        case Comparison.MORE:
            return column >= value + 1
        case Comparison.AT_LEAST:
            return column >= value
        case Comparison.EQUAL:
            return (column >= value) & (column < value + 1)
        case Comparison.AT_MOST:
            return column < value + 1
        case Comparison.LESS:
            return column < value


def _values(record: CallRecord, node: str) -> dict[str, Any]:
    return {
        "id": record.id,
        "node": node,
        "linkedid": record.linkedid,
        "direction": record.direction.value,
        "outcome": record.outcome.value,
        "number": record.number,
        "number_reversed": record.number[::-1],
        "number_raw": record.raw[:80],
        "name": record.name[:160],
        "withheld": record.withheld,
        "customer_id": record.customer_id,
        "dialled": record.dialled[:80],
        "trunk": record.trunk[:80],
        "agent_id": record.agent_id,
        "extension": record.extension[:8],
        "other_extension": record.other_extension[:8],
        "clicked": record.clicked,
        "started_at": record.started_at,
        "rang_at": record.rang_at,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
        "end_known": record.end_known,
        "ring_seconds": record.ring_seconds,
        "talk_seconds": record.talk_seconds,
        "hold_seconds": record.hold_seconds,
        "cause": record.cause,
        "reason": record.reason.value,
        "note": record.note,
    }


def _leg_values(call_id: str, position: int, leg: Leg) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "position": position,
        "uniqueid": leg.id,
        "endpoint": leg.endpoint[:80],
        "extension": leg.party.extension,
        "number": leg.party.number[:80],
        "originator": leg.originator,
        "started_at": leg.started_at,
        "rang_at": leg.rang_at,
        "answered_at": leg.answered_at,
        "ended_at": leg.ended_at,
        "hold_seconds": leg.hold_seconds,
        "cause": leg.cause,
        "dial_status": leg.dial_status,
    }


def _record(row: Row[Any]) -> CallRecord:
    return CallRecord(
        id=row.id,
        linkedid=row.linkedid,
        direction=Direction(row.direction),
        outcome=Outcome(row.outcome),
        number=row.number,
        raw=row.number_raw,
        name=row.name,
        withheld=row.withheld,
        dialled=row.dialled,
        trunk=row.trunk,
        extension=row.extension,
        other_extension=row.other_extension,
        clicked=row.clicked,
        started_at=row.started_at,
        rang_at=row.rang_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        end_known=row.end_known,
        ring_seconds=row.ring_seconds,
        talk_seconds=row.talk_seconds,
        hold_seconds=row.hold_seconds,
        cause=row.cause,
        customer_id=row.customer_id,
        agent_id=row.agent_id,
        note=row.note,
        reason=Unanswered(row.reason),
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
