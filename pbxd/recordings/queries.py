"""Statements about recordings."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pbxd.calls.model import Direction, Outcome
from pbxd.calls.tables import call_legs, calls
from pbxd.queues.tables import queue_calls
from pbxd.recordings.model import Codec, Fault, Kind, Marker, Recording, Use
from pbxd.recordings.policy import Mode, Of, Policy, Special
from pbxd.recordings.tables import (
    recording_markers,
    recording_pauses,
    recording_peaks,
    recording_policy,
    recording_specials,
    recording_uses,
    recording_wishes,
)
from pbxd.recordings.tables import recordings as table
from pbxd.store import sorting
from pbxd.store.metadata import new_id
from pbxd.store.paging import Page
from pbxd.store.sorting import By, page_by
from pbxd.store.types import UtcMs

NEWEST = By(type_coerce(table.c.started_at, UtcMs().impl), falls=True, indexed=True)
ONE = 1  # the only row of the policy


@dataclass(frozen=True, slots=True)
class OfCall:
    """The recorded call in which a channel had a part."""

    call_id: str
    answered_at: datetime | None
    ended_at: datetime  # when this channel left it; others may have talked on
    end_known: bool
    outcome: Outcome
    direction: Direction
    number: str
    customer_id: str
    agent_id: str
    extension: str
    other_extension: str  # of an internal call
    queue: str  # its word; "" it came through none
    talked: tuple[str, ...]  # extensions that talked in it


@dataclass(frozen=True, slots=True)
class Filter:
    """Which recordings. `agent_ids` None: everybody's."""

    since: datetime | None = None
    until: datetime | None = None
    agent_id: str = ""
    number: str = ""  # E.164
    customer_ids: tuple[str, ...] | None = None
    external_only: bool = False  # S4-31
    suspicious: bool = False
    agent_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """Somebody listened, downloaded, …"""

    at: datetime
    user_id: str
    use: Use
    why: str


async def call_of(conn: AsyncConnection, channel: str) -> OfCall | None:
    """The call of a channel (uniqueid), once its record is written."""
    row = (
        await conn.execute(
            select(calls, call_legs.c.ended_at.label("left_at"))
            .join(call_legs, call_legs.c.call_id == calls.c.id)
            .where(call_legs.c.uniqueid == channel)
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    legs = call_legs.c
    talked = await conn.execute(
        select(legs.extension)
        .where(legs.call_id == row.id, legs.answered_at.is_not(None), legs.extension != "")
        .distinct()
    )
    columns = queue_calls.c
    queue = await conn.execute(
        select(columns.queue)
        .where(columns.linkedid == row.linkedid)
        .order_by(columns.at.desc())
        .limit(1)
    )
    return OfCall(
        row.id,
        row.answered_at,
        row.left_at or row.ended_at,
        row.end_known,
        Outcome(row.outcome),
        Direction(row.direction),
        row.number,
        row.customer_id,
        row.agent_id,
        row.extension,
        row.other_extension,
        queue.scalar_one_or_none() or "",
        tuple(talked.scalars()),
    )


async def taken(conn: AsyncConnection, raw: str) -> bool:
    """Is this raw file in the store already?"""
    return (await conn.execute(select(table.c.id).where(table.c.raw == raw))).first() is not None


async def add(conn: AsyncConnection, raw: str, recording: Recording, peaks: bytes) -> None:
    """A new one."""
    values = dataclasses.asdict(recording)
    values |= {
        "raw": raw,
        "direction": recording.direction.value,
        "kind": recording.kind.value,
        "faults": ",".join(fault.value for fault in recording.faults),
        "pauses": json.dumps(recording.pauses),
    }
    await conn.execute(insert(table).values(**values))
    await conn.execute(insert(recording_peaks).values(recording_id=recording.id, peaks=peaks))


async def one(conn: AsyncConnection, id: str) -> Recording | None:
    """One of them, deleted or not."""
    row = (await conn.execute(select(table).where(table.c.id == id))).first()
    return None if row is None else _recording(row)


async def of_calls(conn: AsyncConnection, call_ids: Sequence[str]) -> dict[str, list[Recording]]:
    """Those of some calls, in order."""
    rows = await conn.execute(
        select(table)
        .where(table.c.call_id.in_(call_ids), table.c.deleted_at.is_(None))
        .order_by(table.c.started_at)
    )
    found: dict[str, list[Recording]] = {}
    for row in rows:
        found.setdefault(row.call_id, []).append(_recording(row))
    return found


async def of_raws(conn: AsyncConnection, raws: Collection[str]) -> dict[str, Recording]:
    """What became of some files of the spool, deleted or not; what was not taken is not in it."""
    rows = await conn.execute(select(table).where(table.c.raw.in_(raws)))
    return {row.raw: _recording(row) for row in rows}


async def peaks(conn: AsyncConnection, id: str) -> bytes:
    """The waveform: left half, right half."""
    row = await conn.execute(
        select(recording_peaks.c.peaks).where(recording_peaks.c.recording_id == id)
    )
    return bytes(row.scalar_one_or_none() or b"")


async def listed(
    conn: AsyncConnection, wanted: Filter, cursor: str = "", size: int = 50, by: By = NEWEST
) -> Page[Recording]:
    """One page, newest first or in another order."""
    statement = select(table).where(*_conditions(wanted))
    return await page_by(conn, statement, table.c.id, by, cursor, _recording, size)


async def few(conn: AsyncConnection, wanted: Filter) -> bool:
    """Can they be sorted by what no index has?"""
    return await sorting.few(conn, select(table.c.id).where(*_conditions(wanted)))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    if wanted.since is not None:
        conditions.append(table.c.started_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(table.c.started_at < wanted.until)
    if wanted.agent_id:
        conditions.append(table.c.agent_id == wanted.agent_id)
    if wanted.agent_ids is not None:
        conditions.append(table.c.agent_id.in_(wanted.agent_ids))
    if wanted.number:
        conditions.append(table.c.number == wanted.number)
    if wanted.customer_ids is not None:
        conditions.append(table.c.customer_id.in_(wanted.customer_ids))
    if wanted.external_only:
        conditions.append(table.c.direction != Direction.INTERNAL.value)
    if wanted.suspicious:
        conditions.append(table.c.faults > "")
    return conditions


async def suspicious(conn: AsyncConnection, since: datetime) -> int:
    """How many cannot be right."""
    found = await conn.execute(
        select(func.count()).where(
            table.c.faults > "", table.c.started_at >= since, table.c.deleted_at.is_(None)
        )
    )
    return int(found.scalar_one())


async def old(conn: AsyncConnection, before: datetime, size: int = 500) -> tuple[Recording, ...]:
    """Those that have been kept long enough; held ones are not among them."""
    rows = await conn.execute(
        select(table)
        .where(
            table.c.started_at < before,
            table.c.on_hold.is_(False),
            table.c.deleted_at.is_(None),
        )
        .order_by(table.c.started_at)
        .limit(size)
    )
    return tuple(_recording(row) for row in rows)


async def removed(conn: AsyncConnection, id: str, at: datetime) -> None:
    """It is gone; who it was of and when stays."""
    await conn.execute(update(table).where(table.c.id == id).values(deleted_at=at))
    await conn.execute(delete(recording_peaks).where(recording_peaks.c.recording_id == id))


async def hold(conn: AsyncConnection, id: str, on: bool) -> None:
    """Never deleted by age, or again."""
    await conn.execute(update(table).where(table.c.id == id).values(on_hold=on))


async def note(
    conn: AsyncConnection, id: str, user_id: str, at: datetime, use: Use, why: str = ""
) -> None:
    """What was done with it, by whom."""
    await conn.execute(
        insert(recording_uses).values(
            id=new_id(), recording_id=id, user_id=user_id, at=at, use=use.value, why=why
        )
    )


async def uses(conn: AsyncConnection, id: str) -> tuple[Used, ...]:
    """All of it, newest first."""
    rows = await conn.execute(
        select(recording_uses)
        .where(recording_uses.c.recording_id == id)
        .order_by(recording_uses.c.at.desc(), recording_uses.c.id.desc())
        .limit(200)
    )
    return tuple(Used(row.at, row.user_id, Use(row.use), row.why) for row in rows)


async def markers(conn: AsyncConnection, id: str) -> tuple[Marker, ...]:
    """Comments by time."""
    columns = recording_markers.c
    rows = await conn.execute(
        select(recording_markers).where(columns.recording_id == id).order_by(columns.at_seconds)
    )
    return tuple(Marker(row.id, row.at_seconds, row.text, row.by, row.written_at) for row in rows)


async def add_marker(conn: AsyncConnection, recording_id: str, marker: Marker) -> None:
    """A comment at a second."""
    await conn.execute(
        insert(recording_markers).values(recording_id=recording_id, **dataclasses.asdict(marker))
    )


async def remove_marker(conn: AsyncConnection, recording_id: str, marker_id: str) -> None:
    """It is gone."""
    columns = recording_markers.c
    await conn.execute(
        delete(recording_markers).where(
            columns.recording_id == recording_id, columns.id == marker_id
        )
    )


async def pause(conn: AsyncConnection, channel: str, at: datetime, by: str) -> None:
    """From now on nothing is recorded."""
    await conn.execute(
        insert(recording_pauses).values(id=new_id(), channel=channel, begun_at=at, by=by)
    )


async def resume(conn: AsyncConnection, channel: str, at: datetime) -> None:
    """Again."""
    columns = recording_pauses.c
    await conn.execute(
        update(recording_pauses)
        .where(columns.channel == channel, columns.ended_at.is_(None))
        .values(ended_at=at)
    )


async def pauses(
    conn: AsyncConnection, channel: str
) -> tuple[tuple[datetime, datetime | None], ...]:
    """All of one channel."""
    rows = await conn.execute(
        select(recording_pauses.c.begun_at, recording_pauses.c.ended_at)
        .where(recording_pauses.c.channel == channel)
        .order_by(recording_pauses.c.begun_at)
    )
    return tuple((row.begun_at, row.ended_at) for row in rows)


async def wish(conn: AsyncConnection, channel: str, at: datetime, by: str) -> None:
    """This call is kept; asking twice is once."""
    await conn.execute(delete(recording_wishes).where(recording_wishes.c.channel == channel))
    await conn.execute(insert(recording_wishes).values(channel=channel, at=at, by=by))


async def wished(conn: AsyncConnection, channel: str) -> bool:
    """Did somebody ask that it be kept?"""
    found = await conn.execute(
        select(recording_wishes.c.channel).where(recording_wishes.c.channel == channel)
    )
    return found.first() is not None


async def policy(conn: AsyncConnection) -> Policy:
    """What is recorded."""
    row = (await conn.execute(select(recording_policy))).first()
    specials = await conn.execute(select(recording_specials).order_by(recording_specials.c.of))
    own = tuple(Special(Of(one.of), one.subject, Mode(one.mode)) for one in specials)
    if row is None:
        return Policy(specials=own)
    return Policy(
        Mode(row.incoming),
        Mode(row.outgoing),
        Mode(row.internal),
        row.say,
        row.keep_days,
        Codec(row.codec),
        row.free_gb,
        row.room_days,
        own,
    )


async def keep_policy(conn: AsyncConnection, new: Policy) -> None:
    """Another one."""
    values = dataclasses.asdict(new) | {"codec": new.codec.value}
    del values["specials"]
    for kind in ("incoming", "outgoing", "internal"):
        values[kind] = values[kind].value
    await conn.execute(delete(recording_policy))
    await conn.execute(insert(recording_policy).values(id=ONE, **values))
    await conn.execute(delete(recording_specials))
    for one in new.specials:
        await conn.execute(
            insert(recording_specials).values(of=one.of.value, subject=one.id, mode=one.mode.value)
        )


def _recording(row: Row[Any]) -> Recording:
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(Recording)}
    values["direction"] = Direction(row.direction)
    values["kind"] = Kind(row.kind)
    values["faults"] = tuple(Fault(word) for word in row.faults.split(",") if word)
    values["pauses"] = tuple((begun, ended) for begun, ended in json.loads(row.pauses))
    return Recording(**values)
