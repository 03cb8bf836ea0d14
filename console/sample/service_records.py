"""What the sample office has done for its customers over the last year and a half."""

from __future__ import annotations

import random
from datetime import date, timedelta

from console.customers.model import Customer
from console.customers.service import Customers
from console.service_records import queries
from console.service_records.model import Entry, Record, Status
from console.users.service import Users
from pbxd.app import Daemon
from pbxd.store.metadata import new_id

SEED = 3303
DAYS = 540
RECORDS = 1200
OFTEN = "A000000060"  # up to here one calls often
# what, how often, usual amounts (won), what is written besides
SERVICES = (
    ("정수기 필터 교체", 9, (29_000, 35_000, 48_000), ("", "", ", 다음 교체는 6개월 뒤")),
    ("정기 점검", 8, (0, 0, 20_000), ("", ", 이상 없음", ", 살균 세척", ", 다음 방문은 4개월 뒤")),
    ("방문 수리", 6, (55_000, 85_000, 120_000), (", 급수 밸브 교체", ", 누수 수리", ", 히터 교체")),
    ("부품 배송", 4, (3_000, 12_000, 18_000), (", 필터 세트", ", 컵 받침", ", 연결 호스")),
    ("이전 설치", 2, (60_000, 90_000), ("", ", 같은 건물", ", 새 주소로")),
    ("렌탈 계약", 2, (19_900, 29_900, 39_900, 55_000), (", 3년 약정", ", 카드 자동이체")),
    ("렌탈 계약 연장", 2, (18_900, 27_900, 35_900), (", 2년 연장", ", 재약정 할인")),
    ("제품 교환", 1, (0,), (", 같은 고장 반복", ", 소음")),
    ("전화 기술 지원", 5, (0,), (", 온수 스위치 안내", ", 교체 표시 초기화", ", 전원 재설정")),
)
NOTES = ("", "", "", "", "카드 결제", "계좌 이체", "다음 달 청구", "현금영수증 발행")
PARTNERS = ("한결설비 오 기사", "동부물류")  # have no account


async def service_records(daemon: Daemon, users: Users, customers: Customers) -> None:
    """Some customers often, most never; on working days, by those of the office and by partners."""
    dice = random.Random(SEED)  # noqa: S311 - a made-up office
    now, zone = daemon.clock(), daemon.settings.office.zone
    today = now.astimezone(zone).date()
    people = [user.id for user in users.all() if user.agent_id]
    regulars: list[Customer] = []
    cursor = ""
    while True:
        page = await customers.page(cursor, 200)
        regulars += dice.sample(page.rows, len(page.rows) // 6)
        regulars += [one for one in page.rows if one.details.number <= OFTEN]
        if not (cursor := page.next):
            break
    made: list[Record] = []
    while len(made) < RECORDS:
        customer = dice.choice(regulars)
        since = max(customer.created_at.astimezone(zone).date(), today - timedelta(days=DAYS))
        day = since + timedelta(days=dice.randint(0, (today - since).days))
        if day.weekday() < 6:
            entry = _entry(dice, day, today, people)
            by = entry.user_id or dice.choice(people)
            made.append(Record(new_id(), customer.id, entry, by, now))
    async with daemon.store.writing() as conn:
        await queries.add(conn, sorted(made, key=lambda one: one.entry.day))


def _entry(dice: random.Random, day: date, today: date, people: list[str]) -> Entry:
    """What is some days ago is settled, as a rule."""
    often = [one[1] for one in SERVICES]
    text, _, amounts, more = dice.choices(SERVICES, often)[0]
    settled = (Status.DONE,) * 14 + (Status.NOT_NEEDED, Status.POSTPONED)
    fresh = (Status.DONE, Status.IN_PROGRESS, Status.IN_PROGRESS, Status.POSTPONED)
    status = dice.choice(fresh if (today - day).days < 3 else settled)
    if dice.random() < 0.02:
        status = Status.IMPOSSIBLE
    paid = status in (Status.DONE, Status.IN_PROGRESS)
    partner = dice.random() < 0.06
    return Entry(
        day,
        status,
        text + dice.choice(more),
        "" if partner else dice.choice(people),
        dice.choice(PARTNERS) if partner else "",
        dice.choice(amounts) if paid else 0,
        dice.choice(NOTES) if paid and any(amounts) else "",
    )
