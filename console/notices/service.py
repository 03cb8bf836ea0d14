"""Notices: written, read, changed, taken back. One function is one transaction."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.notices import queries, rules
from console.notices.model import MENU, Content, File, Notice
from console.users.queries import User
from console.users.service import Users
from console.web.context import Viewer
from console.web.permissions import Action, Scope, scope_of
from console.web.uploads import SentFile
from pbxd.app import Daemon
from pbxd.errors import Conflict, NotAllowed, NotFound
from pbxd.store.metadata import new_id
from pbxd.store.paging import Page

SIZE = 30  # rows of a page


class Stale(Conflict):
    """Somebody saved meanwhile: carries what they saved."""

    def __init__(self, theirs: Notice) -> None:
        super().__init__("notice-stale", "Somebody else has changed this notice meanwhile.")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the list, as its viewer sees it."""

    notice: Notice
    unread: bool
    read: int  # of those for whom it is
    people: int  # for whom it is


class Watcher(Protocol):
    """Who tells open pages."""

    def changed(self) -> None:
        """Any list or notice may be another one now."""

    def appeared(self, notice: Notice, people: frozenset[str]) -> None:
        """These users have a notice that they had not."""

    def was_read(self, notice: Notice, user_id: str) -> None:
        """Somebody opened it for the first time."""


class Notices:
    """The board. Who has not read what is kept in memory: every page shows the count."""

    def __init__(self, daemon: Daemon, users: Users) -> None:
        self._daemon = daemon
        self._store = daemon.store
        self._clock = daemon.clock
        self._users = users
        self._unread: dict[str, dict[str, str]] = {}  # user → notice → its last day, "" none
        self._counting = asyncio.Lock()
        self._watchers: list[Watcher] = []
        users.on_change(self._person_changed)

    def watch(self, watcher: Watcher) -> None:
        """Be told what changes."""
        self._watchers.append(watcher)

    async def load(self) -> None:
        """Read who has not read what."""
        async with self._counting, self._store.reading() as conn:
            self._unread = {}
            for user_id, id, until in await queries.unread(conn, self.today()):
                self._unread.setdefault(user_id, {})[id] = until

    async def code_renamed(self, conn: AsyncConnection, list: str, before: str, after: str) -> None:
        """A department has another name (`console.codes.service.Follower`)."""
        if list == "department":
            await queries.rename_team(conn, before, after)

    def today(self) -> date:
        """The office's day."""
        return self._clock().astimezone(self._daemon.settings.office.zone).date()

    def unread(self, user_id: str) -> int:
        """How many of the list this person has not opened."""
        today = self.today().isoformat()
        return sum(not until or until >= today for until in self._unread.get(user_id, {}).values())

    def teams(self) -> list[str]:
        """The departments that there are."""
        return sorted({user.department for user in self._users.all() if not user.closed} - {""})

    async def page(self, viewer: Viewer, past: bool, text: str, cursor: str) -> Page[Shown]:
        """One page of what this person may see; `past`: those whose last day is over."""
        user = viewer.user
        everyone = viewer.scope(MENU) is Scope.ALL
        wanted = queries.Filter(user.id, user.department, self.today(), everyone, past, text)
        people = {one.id: one for one in self._users.all() if _looks(one)}
        async with self._store.reading() as conn:
            found = await queries.listed(conn, wanted, cursor, SIZE)
            ids = [notice.id for notice in found.rows]
            opened = await queries.read_by(conn, user.id, ids)
            read = await queries.read_counts(conn, ids, people)
        sizes = Counter(one.department for one in people.values())
        rows = []
        for one in found.rows:
            teams, author = one.content.teams, people.get(one.by)
            size = sum(sizes[team] for team in teams) if teams else len(people)
            size -= author is not None and _for(one, author)
            fresh = one.id not in opened and one.by != user.id and _for(one, user)
            rows.append(Shown(one, fresh, read.get(one.id, 0), size))
        return Page(tuple(rows), found.next, found.previous)

    async def get(self, viewer: Viewer, id: str, *, deleted: bool = False) -> Notice:
        """One that this person may see. Raises NotFound: also when it is for others."""
        async with self._store.reading() as conn:
            found = await queries.one(conn, id)
        scope = viewer.scope(MENU)
        if (
            found is None
            or (found.deleted_at is not None and not deleted)
            or not rules.visible(
                found.by, found.content.teams, viewer.user.id, viewer.user.department, scope
            )
        ):
            raise _gone()
        return found

    async def opened(self, viewer: Viewer, id: str) -> Notice:
        """One, read from now on by who sees it. Raises NotFound."""
        notice, user = await self.get(viewer, id), viewer.user
        if user.id == notice.by or not _for(notice, user):
            return notice
        async with self._store.reading() as conn:
            if await queries.read_by(conn, user.id, [id]):
                return notice
        async with self._counting:
            async with self._store.writing() as conn:
                first = await queries.read(conn, id, user.id, self._clock())
            self._unread.get(user.id, {}).pop(id, None)
        for watcher in self._watchers if first else ():
            watcher.was_read(notice, user.id)
        return notice

    async def read_all(self, viewer: Viewer) -> None:
        """All that is on the board for this person counts as read from now on."""
        user, today = viewer.user, self.today().isoformat()
        first: list[Notice] = []
        async with self._counting:
            waiting = self._unread.get(user.id, {})
            ids = [id for id, until in waiting.items() if not until or until >= today]
            async with self._store.writing() as conn:
                now = self._clock()
                for id in ids:
                    notice = await queries.one(conn, id)
                    if notice is not None and await queries.read(conn, id, user.id, now):
                        first.append(notice)
            for id in ids:
                waiting.pop(id, None)
        for watcher in self._watchers:
            for notice in first:
                watcher.was_read(notice, user.id)

    async def readers(self, notice: Notice) -> list[tuple[User, datetime | None]]:
        """For whom it is, by name, and when each has opened it."""
        async with self._store.reading() as conn:
            read = await queries.readers(conn, notice.id)
        people = sorted(self._people(notice), key=lambda user: user.name)
        return [(user, read.get(user.id)) for user in people]

    async def file(self, viewer: Viewer, id: str, file_id: str) -> tuple[File, bytes]:
        """An attachment of a notice that this person may see. Raises NotFound."""
        notice = await self.get(viewer, id)
        file = next((one for one in notice.files if one.id == file_id), None)
        if file is None:
            raise NotFound("no-notice-file", "This file is not there any more.")
        async with self._store.reading() as conn:
            return file, await queries.file_data(conn, file.id)

    def may(self, viewer: Viewer, action: Action, notice: Notice) -> bool:
        """May this person change or delete it?"""
        return rules.may_change(notice.by, viewer.user.id, viewer.scope(MENU, action))

    async def to_change(self, viewer: Viewer, id: str) -> Notice:
        """One that this person may change. Raises NotFound, NotAllowed."""
        notice = await self.get(viewer, id)
        if not self.may(viewer, Action.EDIT, notice):
            raise not_yours()
        return notice

    async def write(self, viewer: Viewer, typed: Content, sent: Sequence[SentFile]) -> Notice:
        """A new one; those for whom it is are told. Raises InvalidInput."""
        content = rules.checked(typed, self.teams(), self.today())
        rules.check_files(0, [(file.name, file.size) for file in sent])
        now, by = self._clock(), viewer.user.id
        files = tuple(File(new_id(), file.name, file.size) for file in sent)
        notice = Notice(new_id(), content, by, now, files=files)
        async with self._store.writing() as conn:
            await queries.add(conn, notice)
            await self._add_files(conn, notice.id, files, sent)
            await audit.note(conn, now, by, "notice.create", notice.id, None, _said(notice))
        await self._changed(notice)
        return notice

    async def change(
        self,
        viewer: Viewer,
        id: str,
        version: int,
        typed: Content,
        sent: Sequence[SentFile] = (),
        removed: Collection[str] = (),
    ) -> Notice:
        """Other words, files more or less. Raises InvalidInput, NotAllowed, NotFound, Stale."""
        before = await self.to_change(viewer, id)
        content = rules.checked(typed, self.teams(), self.today(), before.content)
        kept = tuple(file for file in before.files if file.id not in removed)
        rules.check_files(len(kept), [(file.name, file.size) for file in sent])
        files = tuple(File(new_id(), file.name, file.size) for file in sent)
        now, by = self._clock(), viewer.user.id
        after = replace(before, content=content, files=kept + files)
        async with self._store.writing() as conn:
            if not await queries.change(conn, id, version, content, now):
                theirs = await queries.one(conn, id)
                if theirs is None or theirs.deleted_at is not None:
                    raise _gone()
                raise Stale(theirs)
            await queries.remove_files(conn, id, removed)
            await self._add_files(conn, id, files, sent)
            await queries.put_in_index(conn, after)
            await audit.note(conn, now, by, "notice.change", id, _said(before), _said(after))
        await self._changed(after, before)
        return after

    async def delete(self, viewer: Viewer, id: str, gone: bool) -> Notice:
        """Away with it, or (`gone` False) back. Raises NotAllowed, NotFound."""
        notice = await self.get(viewer, id, deleted=not gone)
        if not self.may(viewer, Action.DELETE, notice):
            raise not_yours()
        now, by = self._clock(), viewer.user.id
        after = replace(notice, deleted_at=now if gone else None)
        async with self._store.writing() as conn:
            await queries.set_deleted(conn, notice, after.deleted_at)
            what = "notice.delete" if gone else "notice.restore"
            await audit.note(conn, now, by, what, id)
        await self._changed(after, notice)
        return after

    async def _add_files(
        self, conn: AsyncConnection, id: str, files: Sequence[File], sent: Sequence[SentFile]
    ) -> None:
        for file, came in zip(files, sent, strict=True):
            await queries.add_file(conn, id, file, came.data)

    async def _changed(self, after: Notice, before: Notice | None = None) -> None:
        """Count anew who has not read it, and tell those for whom it is new."""
        current = after.deleted_at is None and not rules.past(after.content.until, self.today())
        people = frozenset(user.id for user in self._people(after)) if current else frozenset()
        async with self._counting:
            async with self._store.reading() as conn:
                read = await queries.readers(conn, after.id)
            for mine in self._unread.values():
                mine.pop(after.id, None)
            until = after.content.until.isoformat() if after.content.until else ""
            for user_id in people.difference(read):
                self._unread.setdefault(user_id, {})[after.id] = until
        had = frozenset(user.id for user in self._people(before)) if before else frozenset()
        for watcher in self._watchers:
            watcher.changed()
            watcher.appeared(after, people - had)

    def _people(self, notice: Notice) -> list[User]:
        """For whom it is, without its author."""
        others = (one for one in self._users.all() if one.id != notice.by)
        return [one for one in others if _looks(one) and _for(notice, one)]

    def _person_changed(self, user_id: str) -> None:
        self._daemon.supervisor.once("unread notices", self._count_anew(user_id))

    async def _count_anew(self, user_id: str) -> None:
        """Somebody is new, or in another department."""
        async with self._counting, self._store.reading() as conn:
            rows = await queries.unread(conn, self.today(), user_id)
            self._unread[user_id] = {id: until for _, id, until in rows}
        for watcher in self._watchers:
            watcher.changed()


def _looks(user: User) -> bool:
    """Has he the menu at all?"""
    scope = scope_of(user.role, user.grants, MENU, Action.VIEW)
    return not user.closed and scope is not Scope.NONE


def _for(notice: Notice, user: User) -> bool:
    return rules.meant(notice.content.teams, user.department)


def _said(notice: Notice) -> dict[str, object]:
    return asdict(notice.content) | {"files": [file.name for file in notice.files]}


def _gone() -> NotFound:
    return NotFound("no-notice", "This notice is not there any more.")


def not_yours() -> NotAllowed:
    return NotAllowed("not-your-notice", "This notice is somebody else's.")
