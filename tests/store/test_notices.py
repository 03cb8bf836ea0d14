"""The board in the store: who sees what, who has read it, in which order, and in the backup."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from console.codes.service import Codes
from console.notices.model import Content, Notice
from console.notices.service import SIZE, Notices, Stale
from console.users.service import Profile, Users
from console.web.context import Viewer
from console.web.i18n import Language
from console.web.permissions import Action, Role, Scope
from console.web.queries import SessionRow
from console.web.uploads import SentFile
from pbxd.app import Daemon, build
from pbxd.errors import NotAllowed, NotFound
from pbxd.store.backup import make
from tests.loopback import on_loopback

PASSWORD = "long enough for a test"
PEOPLE = {
    "boss": (Role.SUPERVISOR, "운영팀"),
    "kim": (Role.USER, "상담팀"),
    "lee": (Role.USER, "상담팀"),
    "park": (Role.USER, "A/S팀"),
    "choi": (Role.USER, ""),
}


class Board:
    """The service, and its people by login."""

    def __init__(self, daemon: Daemon, users: Users, notices: Notices) -> None:
        self.daemon = daemon
        self.users = users
        self.notices = notices
        self.told: list[tuple[str, set[str]]] = []
        notices.watch(self)

    def changed(self) -> None:
        """Not asked here."""

    def was_read(self, notice: Notice, user_id: str) -> None:
        """Not asked here."""

    def appeared(self, notice: Notice, people: frozenset[str]) -> None:
        logins = {user.login for user in self.users.all() if user.id in people}
        self.told.append((notice.content.title, logins))

    def viewer(self, login: str) -> Viewer:
        user = next(one for one in self.users.all() if one.login == login)
        return Viewer(user, cast(SessionRow, None), cast(Language, None))

    async def write(self, title: str, *teams: str, by: str = "boss", pinned: bool = False) -> str:
        content = Content(title, f"{title}: text", pinned, teams)
        return (await self.notices.write(self.viewer(by), content, ())).id

    async def sees(self, login: str, text: str = "", past: bool = False) -> list[str]:
        page = await self.notices.page(self.viewer(login), past, text, "")
        return [row.notice.content.title for row in page.rows]

    def unread(self, login: str) -> int:
        return self.notices.unread(self.viewer(login).user.id)


@pytest.fixture
async def board(tmp_path: Path) -> AsyncIterator[Board]:
    daemon = await build(on_loopback(tmp_path))
    users = Users(daemon.store, daemon.clock)
    for login, (role, department) in PEOPLE.items():
        user = await users.create(login, login, PASSWORD, role)
        await users.set_profile(user.id, Profile(login, department))
    notices = Notices(daemon, users)
    await notices.load()
    yield Board(daemon, users, notices)
    await daemon.stop()


async def test_all_at_once(board: Board) -> None:
    everybody = await board.write("모두")
    await board.write("상담팀만", "상담팀")
    await board.write("다른 팀", "A/S팀")
    assert (board.unread("kim"), board.unread("lee")) == (2, 2)
    await board.notices.read_all(board.viewer("kim"))
    await board.notices.read_all(board.viewer("kim"))
    assert (board.unread("kim"), board.unread("lee")) == (0, 2)
    notice = await board.notices.get(board.viewer("boss"), everybody)
    read = {user.login for user, at in await board.notices.readers(notice) if at is not None}
    assert read == {"kim"}
    await board.notices.load()  # as after a start
    assert board.unread("kim") == 0
    await board.write("새것")
    assert board.unread("kim") == 1


async def test_for_whom_it_is(board: Board) -> None:
    everybody = await board.write("모두")
    of_team = await board.write("상담팀만", "상담팀")
    assert board.told == [
        ("모두", {"kim", "lee", "park", "choi"}),
        ("상담팀만", {"kim", "lee"}),
    ]
    assert await board.sees("kim") == ["상담팀만", "모두"]
    assert await board.sees("park") == ["모두"]
    assert await board.sees("choi") == ["모두"]
    assert await board.sees("boss") == ["상담팀만", "모두"]
    assert [board.unread(login) for login in PEOPLE] == [0, 2, 2, 1, 1]
    for login in ("park", "choi"):
        with pytest.raises(NotFound):
            await board.notices.opened(board.viewer(login), of_team)
        with pytest.raises(NotFound):
            await board.notices.delete(board.viewer(login), of_team, gone=True)
    with pytest.raises(NotAllowed):
        await board.notices.to_change(board.viewer("kim"), everybody)


async def test_who_has_read_it(board: Board) -> None:
    id = await board.write("읽기", "상담팀")
    notice = await board.notices.opened(board.viewer("kim"), id)
    first = await board.notices.readers(notice)
    assert [(user.login, at is not None) for user, at in first] == [("kim", True), ("lee", False)]
    await board.notices.opened(board.viewer("kim"), id)
    await board.notices.opened(board.viewer("boss"), id)  # the author is nobody's reader
    assert await board.notices.readers(notice) == first, "the first time counts"
    assert (board.unread("kim"), board.unread("lee")) == (0, 1)
    (row,) = (await board.notices.page(board.viewer("lee"), False, "", "")).rows
    assert (row.unread, row.read, row.people) == (True, 1, 2)
    # whoever is not meant any more, or has left, is not counted
    kim = board.viewer("kim").user
    await board.users.set_profile(kim.id, Profile("kim", "A/S팀"))
    (row,) = (await board.notices.page(board.viewer("lee"), False, "", "")).rows
    assert (row.read, row.people) == (0, 1)
    await board.notices.load()
    assert (board.unread("kim"), board.unread("lee")) == (0, 1)


async def test_another_department_brings_its_notices(board: Board) -> None:
    await board.write("상담팀만", "상담팀")
    assert board.unread("park") == 0
    park = board.viewer("park").user
    await board.users.set_profile(park.id, Profile("park", "상담팀"))
    await board.notices._count_anew(park.id)
    assert board.unread("park") == 1


async def test_changed_for_others_deleted_and_back(board: Board) -> None:
    id = await board.write("어디", "상담팀")
    boss = board.viewer("boss")
    await board.notices.opened(board.viewer("kim"), id)
    content = Content("어디", "text", teams=("A/S팀", "상담팀"))
    after = await board.notices.change(boss, id, 1, content)
    assert board.told[-1] == ("어디", {"park"}), "those who had it are not told again"
    assert [board.unread(login) for login in ("kim", "lee", "park")] == [0, 1, 1]
    with pytest.raises(Stale) as stale:
        await board.notices.change(boss, id, 1, Content("mine", "text"))
    assert stale.value.theirs.content == after.content
    await board.notices.delete(boss, id, gone=True)
    assert [board.unread(login) for login in ("kim", "lee", "park")] == [0, 0, 0]
    assert await board.sees("boss") == await board.sees("boss", "어디") == []
    with pytest.raises(NotFound):
        await board.notices.get(boss, id)
    with pytest.raises(NotFound):
        await board.notices.change(boss, id, 2, content)
    await board.notices.delete(boss, id, gone=False)
    assert await board.sees("boss", "어디") == ["어디"]
    assert [board.unread(login) for login in ("kim", "lee", "park")] == [0, 1, 1]
    assert len(board.told) == 4
    assert not board.told[-1][1], "taken back, it is not new"


async def test_pinned_first_then_the_newest_page_by_page(board: Board) -> None:
    for place in range(SIZE + 5):
        await board.write(f"공지 {place:02}", pinned=place in (3, 7))
    wanted = ["공지 07", "공지 03"]
    wanted += [f"공지 {n:02}" for n in range(SIZE + 4, -1, -1) if n not in (3, 7)]
    kim = board.viewer("kim")
    first = await board.notices.page(kim, False, "", "")
    second = await board.notices.page(kim, False, "", first.next)
    assert [row.notice.content.title for row in first.rows + second.rows] == wanted
    assert not second.next
    back = await board.notices.page(kim, False, "", second.previous)
    assert back.rows == first.rows
    assert await board.sees("kim", "공지 07") == ["공지 07"]
    assert len(await board.sees("kim", "text 공지")) == SIZE


async def test_its_last_day_over(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    today = board.notices.today()
    boss, content = board.viewer("boss"), Content("잠깐", "text", until=today)
    id = (await board.notices.write(boss, content, ())).id
    await board.write("계속", pinned=True)
    assert board.unread("kim") == 2
    monkeypatch.setattr(board.notices, "today", lambda: today + timedelta(days=1))
    assert board.unread("kim") == 1
    assert (await board.sees("kim"), await board.sees("kim", past=True)) == (["계속"], ["잠깐"])
    await board.notices.load()
    assert board.unread("kim") == 1
    await board.notices.opened(board.viewer("kim"), id)  # late is better than never
    assert [at is not None for user, at in await board.notices.readers(
        await board.notices.get(boss, id)
    ) if user.login == "kim"] == [True]  # fmt: skip


async def test_a_right_to_write_of_one_s_own(board: Board) -> None:
    kim = board.viewer("kim").user
    await board.users.set_grants(kim.id, {("notices", Action.CREATE): Scope.ALL})
    mine = await board.write("팀에 알림", "A/S팀", by="kim")
    assert await board.sees("kim") == ["팀에 알림"], "one's own, also for another team"
    await board.notices.change(board.viewer("kim"), mine, 1, Content("팀에", "text"))
    with pytest.raises(NotAllowed):
        await board.notices.to_change(board.viewer("lee"), mine)
    await board.notices.delete(board.viewer("kim"), mine, gone=True)
    # who has not the menu is not meant either
    lee = board.viewer("lee").user
    await board.users.set_grants(lee.id, {("notices", Action.VIEW): Scope.NONE})
    await board.write("다음")
    assert board.told[-1] == ("다음", {"kim", "park", "choi"})
    with pytest.raises(NotFound):
        await board.notices.opened(board.viewer("lee"), mine)


async def test_files_are_in_the_backup(board: Board, tmp_path: Path) -> None:
    boss, data = board.viewer("boss"), bytes(range(256)) * 40
    sent = [SentFile("가격표.xlsx", len(data), data), SentFile("b.txt", 1, b"b")]
    notice = await board.notices.write(boss, Content("파일", "text"), sent)
    first, second = notice.files
    assert await board.notices.file(board.viewer("kim"), notice.id, first.id) == (first, data)
    assert await board.sees("kim", "가격표") == ["파일"], "found by the name of a file"
    after = await board.notices.change(
        boss, notice.id, 1, notice.content, [SentFile("c.txt", 1, b"c")], [second.id]
    )
    assert [file.name for file in after.files] == ["가격표.xlsx", "c.txt"]
    assert (await board.notices.get(boss, notice.id)).files == after.files
    other = await board.notices.write(boss, Content("다른", "text"), ())
    for id, file_id in ((notice.id, second.id), (other.id, first.id)):
        with pytest.raises(NotFound):
            await board.notices.file(boss, id, file_id)
    backup = make(board.daemon.store.file, tmp_path / "kept", board.daemon.clock())
    assert backup.counts["notice_files"] == 2
    with closing(sqlite3.connect(tmp_path / "kept" / backup.name)) as db:
        kept = db.execute("SELECT data FROM notice_files WHERE id = ?", (first.id,)).fetchone()
    assert kept == (data,)


async def test_a_department_with_another_name_has_its_notices(board: Board) -> None:
    codes = Codes(board.daemon.store, board.daemon.clock)
    codes.follow(board.users)
    codes.follow(board.notices)
    made = await codes.add("department", "상담팀", "", "")
    await board.write("상담팀만", "상담팀")
    await codes.change(made.id, "고객팀", "", 10, "")
    assert await board.sees("kim") == ["상담팀만"]
    assert board.unread("kim") == 1
