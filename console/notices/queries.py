"""Statements about notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_new
from sqlalchemy.ext.asyncio import AsyncConnection

from console.notices.model import KIND, Content, File, Notice
from console.notices.tables import notice_files as files_table
from console.notices.tables import notice_reads as reads_table
from console.notices.tables import notice_teams as teams_table
from console.notices.tables import notices as table
from console.users.tables import users
from pbxd.store import search
from pbxd.store.paging import Keys, Page, page
from pbxd.store.types import UtcMs

FOUND = 1000  # hits of a search, before it is asked who may see them
_AT = type_coerce(table.c.at, UtcMs().impl)
_NEWEST_FIRST = Keys((_AT, table.c.id))
_PINNED_FIRST = Keys((type_coerce(table.c.pinned, Integer), _AT, table.c.id))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notices; of `everyone`: not only those for this viewer."""

    viewer_id: str
    department: str
    today: date
    everyone: bool = False
    past: bool = False
    text: str = ""


async def listed(conn: AsyncConnection, wanted: Filter, cursor: str, size: int) -> Page[Notice]:
    """One page: pinned ones first, then the newest; of past ones the newest."""
    over = and_(table.c.until != "", table.c.until < wanted.today.isoformat())
    statement = select(table).where(table.c.deleted_at.is_(None), over if wanted.past else ~over)
    if not wanted.everyone:
        mine = table.c.by == wanted.viewer_id
        statement = statement.where(or_(mine, _meant_for(wanted.department)))
    if wanted.text:
        found = await search.find(conn, KIND, wanted.text, FOUND)
        statement = statement.where(table.c.id.in_(found.rows))
    keys = _NEWEST_FIRST if wanted.past else _PINNED_FIRST
    key = _key if wanted.past else _pinned_key
    rows: Page[Notice] = await page(conn, statement, keys, cursor, _notice, key, size)
    return replace(rows, rows=await _whole(conn, rows.rows))


async def one(conn: AsyncConnection, id: str) -> Notice | None:
    """One, deleted or not."""
    row = (await conn.execute(select(table).where(table.c.id == id))).first()
    return None if row is None else (await _whole(conn, [_notice(row)]))[0]


async def add(conn: AsyncConnection, notice: Notice) -> None:
    """A new one, without its files."""
    await conn.execute(
        insert(table).values(
            id=notice.id, by=notice.by, at=notice.at, version=1, **_values(notice.content)
        )
    )
    await _set_teams(conn, notice.id, notice.content.teams)
    await put_in_index(conn, notice)


async def change(
    conn: AsyncConnection, id: str, version: int, content: Content, at: datetime
) -> bool:
    """False: somebody else has changed it meanwhile."""
    done = await conn.execute(
        update(table)
        .where(table.c.id == id, table.c.version == version, table.c.deleted_at.is_(None))
        .values(edited_at=at, version=version + 1, **_values(content))
    )
    if done.rowcount != 1:
        return False
    await _set_teams(conn, id, content.teams)
    return True


async def set_deleted(conn: AsyncConnection, notice: Notice, at: datetime | None) -> None:
    """Away with it, or (None) back; a search does not find what is deleted."""
    await conn.execute(update(table).where(table.c.id == notice.id).values(deleted_at=at))
    if at is None:
        await put_in_index(conn, notice)
    else:
        await search.remove(conn, KIND, notice.id)


async def put_in_index(conn: AsyncConnection, notice: Notice) -> None:
    """Make it findable by title, text and what its files are called."""
    content = notice.content
    names = (file.name for file in notice.files)
    await search.index(conn, KIND, notice.id, (content.title, content.text, *names), ())


async def add_file(conn: AsyncConnection, notice_id: str, file: File, data: bytes) -> None:
    """One more attachment."""
    await conn.execute(
        insert(files_table).values(
            id=file.id, notice_id=notice_id, name=file.name, size=file.size, data=data
        )
    )


async def remove_files(conn: AsyncConnection, notice_id: str, ids: Collection[str]) -> None:
    """These attachments of a notice are gone."""
    columns = files_table.c
    await conn.execute(
        delete(files_table).where(columns.notice_id == notice_id, columns.id.in_(ids))
    )


async def file_data(conn: AsyncConnection, id: str) -> bytes:
    """An attachment's bytes."""
    found = await conn.execute(select(files_table.c.data).where(files_table.c.id == id))
    return bytes(found.scalar_one())


async def read(conn: AsyncConnection, notice_id: str, user_id: str, at: datetime) -> bool:
    """Somebody has opened it; False: not for the first time."""
    values = {"notice_id": notice_id, "user_id": user_id, "at": at}
    done = await conn.execute(insert_new(reads_table).values(values).on_conflict_do_nothing())
    return done.rowcount == 1


async def readers(conn: AsyncConnection, notice_id: str) -> dict[str, datetime]:
    """Who has opened it when, first."""
    columns = reads_table.c
    rows = await conn.execute(
        select(columns.user_id, columns.at).where(columns.notice_id == notice_id)
    )
    return {row.user_id: row.at for row in rows}


async def read_by(conn: AsyncConnection, user_id: str, ids: Collection[str]) -> frozenset[str]:
    """Which of these somebody has opened."""
    columns = reads_table.c
    rows = await conn.execute(
        select(columns.notice_id).where(columns.user_id == user_id, columns.notice_id.in_(ids))
    )
    return frozenset(rows.scalars())


async def read_counts(
    conn: AsyncConnection, ids: Collection[str], people: Collection[str]
) -> dict[str, int]:
    """How many of `people` for whom it is have opened each of these."""
    rows = await conn.execute(
        select(table.c.id, func.count())
        .select_from(table)
        .join(reads_table, reads_table.c.notice_id == table.c.id)
        .join(users, users.c.id == reads_table.c.user_id)
        .where(
            table.c.id.in_(ids),
            users.c.id.in_(people),
            users.c.id != table.c.by,
            _meant_for(users.c.department),
        )
        .group_by(table.c.id)
    )
    return {row[0]: row[1] for row in rows}


async def unread(
    conn: AsyncConnection, today: date, user_id: str = ""
) -> tuple[tuple[str, str, str], ...]:
    """(user, notice, until): what is in the list, for that person and not opened yet."""
    opened = select(reads_table.c.notice_id).where(
        reads_table.c.notice_id == table.c.id, reads_table.c.user_id == users.c.id
    )
    statement = (
        select(users.c.id, table.c.id, table.c.until)
        .join_from(users, table, and_(table.c.by != users.c.id, _meant_for(users.c.department)))
        .where(
            users.c.closed_at.is_(None),
            table.c.deleted_at.is_(None),
            or_(table.c.until == "", table.c.until >= today.isoformat()),
            ~opened.exists(),
        )
    )
    if user_id:
        statement = statement.where(users.c.id == user_id)
    return tuple((row[0], row[1], row[2]) for row in await conn.execute(statement))


def _meant_for(department: ColumnElement[str] | str) -> ColumnElement[bool]:
    some = select(teams_table.c.team).where(teams_table.c.notice_id == table.c.id)
    return or_(~some.exists(), some.where(teams_table.c.team == department).exists())


async def rename_team(conn: AsyncConnection, before: str, after: str) -> None:
    """A department has another name; a notice for both is for the one."""
    both = select(teams_table.c.notice_id).where(teams_table.c.team == after)
    old = teams_table.c.team == before
    await conn.execute(delete(teams_table).where(old, teams_table.c.notice_id.in_(both)))
    await conn.execute(update(teams_table).where(old).values(team=after))


async def _set_teams(conn: AsyncConnection, id: str, teams: Iterable[str]) -> None:
    await conn.execute(delete(teams_table).where(teams_table.c.notice_id == id))
    for team in teams:
        await conn.execute(insert(teams_table).values(notice_id=id, team=team))


async def _whole(conn: AsyncConnection, found: Sequence[Notice]) -> tuple[Notice, ...]:
    """With the departments and the names of the files."""
    ids = [notice.id for notice in found]
    teams: dict[str, list[str]] = {}
    for row in await conn.execute(
        select(teams_table).where(teams_table.c.notice_id.in_(ids)).order_by(teams_table.c.team)
    ):
        teams.setdefault(row.notice_id, []).append(row.team)
    files: dict[str, list[File]] = {}
    columns = files_table.c
    for row in await conn.execute(
        select(columns.notice_id, columns.id, columns.name, columns.size)
        .where(columns.notice_id.in_(ids))
        .order_by(columns.id)
    ):
        files.setdefault(row.notice_id, []).append(File(row.id, row.name, row.size))
    return tuple(
        replace(
            notice,
            content=replace(notice.content, teams=tuple(teams.get(notice.id, ()))),
            files=tuple(files.get(notice.id, ())),
        )
        for notice in found
    )


def _values(content: Content) -> dict[str, Any]:
    return {
        "title": content.title,
        "text": content.text,
        "pinned": content.pinned,
        "until": content.until.isoformat() if content.until else "",
    }


def _notice(row: Row[Any]) -> Notice:
    until = date.fromisoformat(row.until) if row.until else None
    content = Content(row.title, row.text, row.pinned, (), until)
    return Notice(row.id, content, row.by, row.at, row.edited_at, row.deleted_at, row.version)


def _key(row: Row[Any]) -> tuple[Any, ...]:
    return round(row.at.timestamp() * 1000), row.id


def _pinned_key(row: Row[Any]) -> tuple[Any, ...]:
    return int(row.pinned), *_key(row)
