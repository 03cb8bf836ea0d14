"""What the sample office told its people, and who has read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from console.notices import queries
from console.notices.model import Content, File, Notice
from console.users.service import Users
from pbxd.app import Daemon
from pbxd.store.metadata import new_id

PRICES = "필터,정가,회원가\r\n세디먼트,12000,10800\r\n프리카본,18000,16200\r\n나노,29000,26100\r\n"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of the sample office; logins, hours since, days until its last one."""

    title: str
    text: str
    by: str
    hours: int
    readers: tuple[str, ...]
    team: str = ""
    pinned: bool = False
    days: int | None = None
    file: str = ""


NOTICES = (
    Told(
        "개인정보 보호 수칙",
        "1. 고객에게 주민등록번호를 묻지 않습니다.\n"
        "2. 본인 확인은 이름과 전화번호 뒤 네 자리로 합니다.\n"
        "3. 고객 정보를 개인 메신저로 보내지 않습니다.\n\n"
        "자리를 비울 때는 화면을 잠가 주세요.",
        "admin",
        24 * 20,
        ("101", "102", "103", "105", "106", "107", "108"),
        pinned=True,
    ),
    Told(
        "정수기 필터 가격 변경 안내",
        "다음 달 1일부터 필터 가격이 바뀝니다. 첨부한 가격표를 참고해 주세요.\n"
        "이번 달 안에 접수한 주문은 지금 가격으로 받습니다.",
        "108",
        26,
        ("101", "102", "104", "106"),
        file="필터 가격표.csv",
    ),
    Told(
        "방문 수리 일정 등록 방법",
        "방문 수리는 오전과 오후 각 4건까지 접수합니다.\n"
        "상담을 남길 때 ‘A/S’ 유형을 고르고 리콜 시간을 방문 하루 전으로 넣어 주세요.",
        "108",
        50,
        ("105", "107"),
        team="A/S팀",
    ),
    Told(
        "금요일 18시 시스템 점검",
        "금요일 18시부터 30분 동안 화면이 잠시 끊길 수 있습니다. 전화는 평소처럼 됩니다.",
        "admin",
        3,
        ("103",),
        days=4,
    ),
    Told(
        "토요일 사무실 소독",
        "토요일 오전에 소독합니다. 책상 위 물건을 치워 주세요.",
        "admin",
        24 * 9,
        ("101", "102", "103", "104", "105", "106", "107"),
        days=-2,
    ),
)


async def notices(daemon: Daemon, users: Users) -> None:
    """One above all others, one of a department, one with a file, one whose day is over."""
    people = {user.login: user for user in users.all()}
    now = daemon.clock()
    today = now.astimezone(daemon.settings.office.zone).date()
    async with daemon.store.writing() as conn:
        for told in NOTICES:
            until = None if told.days is None else today + timedelta(days=told.days)
            teams = (told.team,) if told.team else ()
            content = Content(told.title, told.text, told.pinned, teams, until)
            at, data = now - timedelta(hours=told.hours), b"\xef\xbb\xbf" + PRICES.encode()
            files = (File(new_id(), told.file, len(data)),) if told.file else ()
            notice = Notice(new_id(), content, people[told.by].id, at, files=files)
            await queries.add(conn, notice)
            for file in files:
                await queries.add_file(conn, notice.id, file, data)
            for place, login in enumerate(told.readers, 1):
                read_at = at + timedelta(minutes=place * 7)
                await queries.read(conn, notice.id, people[login].id, read_at)
