"""What people of the sample office did with its customers: searches kept and saved, a file read
in, changes that the history shows, and the office's telephone book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection

from console.audit import queries as audit
from console.batches import queries as batches
from console.batches.model import BatchKind, Item, What
from console.consultations.model import Consultation
from console.customer_search import queries as searches
from console.customers.model import Customer
from console.customers.service import Customers
from console.lists import queries as filters
from console.lists.queries import Saved
from console.sample.details import Lists
from console.users.service import Users
from pbxd.app import Daemon
from pbxd.phonebook.model import Entry
from pbxd.store.metadata import new_id

IMPORTED = 40  # the last of all customers came in a file
NOTED = 150  # whose beginning the history knows
KEPT = 24
CHANGES = (
    ("101", 2, "이사하셔서 새 주소 확인 필요"),
    ("103", 4, "오후 3시 이후에만 통화 가능"),
    ("108", 6, "대표가 바뀜, 명함 다시 받기"),
    ("105", 9, "현관 비밀번호 대신 경비실에 맡기기"),
    ("102", 11, "다음 점검 때 수질 검사 요청"),
    ("106", 14, "사무실 확장 예정, 2대 추가 가능성"),
)
BOOK = (
    ("한결설비 오 기사", "010-5577-2031", "협력사", "1", "방문 수리"),
    ("동부물류", "02-5557-3300", "협력사", "2", "필터 배송"),
    ("맑은샘 본사 기술지원", "1544-0000", "협력사", "3", "평일 9~18시"),
    ("수질검사소", "031-5551-7400", "협력사", "", ""),
    ("건물 관리실", "02-5556-1004", "생활", "10", "주차, 냉난방"),
    ("세무사 한지영", "02-5558-2210", "생활", "11", ""),
    ("사무용품 누리", "02-5559-0808", "생활", "", "토너, 용지"),
    ("보안업체 상황실", "1588-0000", "긴급", "20", "경보 오작동"),
    ("전산 담당 백지훈", "010-5588-4420", "긴급", "21", "저녁에도 가능"),
)


async def keeping(
    daemon: Daemon, users: Users, customers: Customers, made: Sequence[Customer], lists: Lists
) -> None:
    """All of it."""
    people = {user.login: user.id for user in users.all()}
    async with daemon.store.writing() as conn:
        await _searches(conn, people, made, lists, daemon.clock())
        await _import(conn, people["108"], made[-IMPORTED:])
    for login, place, text in CHANGES:
        one = made[place]
        memo = "\n".join(part for part in (one.details.memo, text) if part)
        details = replace(one.details, memo=memo)
        await customers.change(one.id, details, one.version, people[login])
    book = [Entry("", "", *row) for row in BOOK]
    await daemon.phonebook.add_many(book)


async def history(daemon: Daemon, made: Sequence[Customer], cases: Sequence[Consultation]) -> None:
    """The log's lines of what was done before, in their order."""
    lines: list[tuple[datetime, str, str, str, object]] = [
        (one.created_at, one.created_by, "customer.create", one.id, one.details.as_dict())
        for one in (*made[:NOTED], *made[-IMPORTED:])
    ]
    lines += [(one.at, one.by, "consultation.create", one.id, one.parts[0].text) for one in cases]
    async with daemon.store.writing() as conn:
        for at, by, what, id, after in sorted(lines, key=lambda line: line[0]):
            await audit.note(conn, at, by, what, id, None, after)


async def _searches(
    conn: AsyncConnection,
    people: dict[str, str],
    made: Sequence[Customer],
    lists: Lists,
    now: datetime,
) -> None:
    leaving, asleep = lists.codes["group"]["해지 방어"], lists.codes["group"]["휴면"]
    saved = (
        ("admin", "가망고객", {"prospect": "yes"}, True),
        ("108", "해지 방어 대상", {"group": leaving}, True),
        ("108", "오늘 생일", {"birth_today": "1"}, True),
        ("108", "휴면 고객", {"group": asleep, "sort": "contact"}, True),
        ("admin", "서울 VIP", {"address": "서울특별시", "vip": "yes"}, False),
        ("101", "해운대 방문 대상", {"address": "해운대구"}, False),
    )
    for login, name, query, shared in saved:
        one = Saved(new_id(), people[login], "customers", name, urlencode(query), shared)
        await filters.save(conn, one, now - timedelta(days=20))
    ids = [one.id for one in made if leaving in one.details.groups][:KEPT]
    for login in ("admin", "108"):
        await searches.keep(conn, people[login], ids)


async def _import(conn: AsyncConnection, by: str, made: Sequence[Customer]) -> None:
    id, at = new_id(), made[0].created_at
    await batches.begin(conn, id, BatchKind.IMPORT, "상가번영회 회원 명단.xlsx", by, at)
    await batches.add(conn, id, [Item(one.id, What.CREATED, one.version) for one in made])
    await batches.end(conn, id, at + timedelta(seconds=2))
