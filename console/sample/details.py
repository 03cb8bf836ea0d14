"""What else an office knows about its customers: codes, own fields, birthdays, families."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from console.codes import model as lists
from console.customers.dates import Anniversary, Calendar
from console.customers.model import Details, Entry
from console.customers.service import Customers
from console.fields.model import Kind
from console.sample import people

CODES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (lists.GRADE, (("골드", "#c9a227"), ("실버", "#8a99a8"), ("일반", ""))),
    (lists.GROUP, (("단골", "#2f7d4f"), ("신규", "#2b6cb0"), ("휴면", "#8899aa"))),
    (lists.CATEGORY, (("가정", ""), ("매장", "#b7791f"), ("사무실", "#2b6cb0"))),
    (lists.METHOD, (("정기 방문", ""), ("전화", ""), ("문자", ""))),
    (lists.MEMBERSHIP, (("상인회", ""), ("라이온스클럽", ""))),
    (lists.TITLE, (("대표", ""), ("이사", ""), ("과장", ""), ("대리", ""))),
    (lists.DEPARTMENT, (("상담팀", ""), ("A/S팀", ""), ("운영팀", ""))),
    (lists.RANK, (("사원", ""), ("대리", ""), ("과장", ""), ("팀장", ""))),
    (lists.PAYMENT, (("카드", "#2b6cb0"), ("이체", "#2f7d4f"), ("미수", "#c53030"))),
)  # fmt: skip
HEARD = ("검색", "지인 소개", "전단지", "SNS")
WORKPLACES = (
    ("04524", "서울특별시 중구 세종대로 110"),
    ("13529", "경기도 성남시 분당구 판교역로 166"),
    ("48058", "부산광역시 해운대구 센텀중앙로 79"),
)
JOBS = ("총무부", "영업부", "구매팀", "시설관리팀")


@dataclass(frozen=True, slots=True)
class Lists:
    """Ids of the codes by list, and of the own fields."""

    codes: dict[str, tuple[str, ...]]
    heard: str
    fee: str


async def codes_and_fields(customers: Customers) -> Lists:
    """The office's lists and two fields of its own (S2-22)."""
    codes = customers.codes
    for word, names in CODES:
        for name, colour in names:
            if codes.named(word, name) is None:
                await codes.add(word, name, colour, "")
    made = {one.label: one.word for one in customers.fields.own()}
    for label, zh, en, kind, choices in (
        ("인지경로", "得知管道", "Heard of us by", Kind.CHOICE, HEARD),
        ("월사용료", "月費", "Monthly fee", Kind.MONEY, ()),
    ):
        if label not in made:
            labels = {"ko": label, "zh_Hant": zh, "en": en}
            made[label] = (await customers.fields.add(labels, kind, choices, "")).word
    ids = {word: tuple(one.id for one in codes.of(word)) for word, _ in CODES}
    return Lists(ids, made["인지경로"], made["월사용료"])


def more(chance: random.Random, details: Details, place: int, since: date, lists: Lists) -> Details:
    """The same customer with what is known about some."""
    person = details.kind == "person"
    birthday = None
    if person and chance.random() < 0.6:
        calendar = Calendar.LUNAR if chance.random() < 0.2 else Calendar.SOLAR
        birthday = Anniversary(
            chance.randrange(1945, 2004), chance.randrange(1, 13), chance.randrange(1, 29), calendar
        )
    custom = []
    if chance.random() < 0.4:
        custom.append((lists.heard, chance.choice(HEARD)))
    if chance.random() < 0.3:
        custom.append((lists.fee, str(chance.choice((19_900, 29_900, 39_900, 55_000)))))
    return replace(
        details,
        number=f"A{place:09}",
        email=f"c{place}@example.com" if chance.random() < 0.3 else "",
        department=chance.choice(JOBS) if details.company and chance.random() < 0.5 else "",
        title=chance.choice(("대표", "과장", "대리", "이사")) if details.company else "",
        grade=_one(chance, lists.codes["grade"], 0.5),
        category=_one(chance, lists.codes["category"], 0.6),
        method=_one(chance, lists.codes["method"], 0.3),
        groups=(chance.choice(lists.codes["group"]),) if chance.random() < 0.4 else (),
        sex=chance.choice("mf") if person else "",
        birthday=birthday,
        prospect=chance.random() < 0.08,
        no_sms=chance.random() < 0.05,
        registered_on=since,
        referrer=people.name(chance) if chance.random() < 0.08 else "",
        entries=(*(_family(chance) if person and chance.random() < 0.15 else ()), *_work(place)),
        no_label=place % 29 == 0,
        custom=tuple(sorted(custom)),
    )


def _work(place: int) -> tuple[Entry, ...]:
    """Where some get their post besides."""
    if place % 17:
        return ()
    postcode, address = WORKPLACES[place % len(WORKPLACES)]
    return (Entry("addresses", ("직장", postcode, address, f"{place % 9 + 2}층", "")),)


def _one(chance: random.Random, ids: tuple[str, ...], share: float) -> str:
    return chance.choice(ids) if chance.random() < share else ""


def _family(chance: random.Random) -> tuple[Entry, ...]:
    day = date(2014, 1, 1) + timedelta(days=chance.randrange(3000))
    return (
        Entry("family", ("배우자", people.name(chance), "", "", "")),
        Entry("family", ("자녀", people.name(chance), day.isoformat(), "", "")),
    )
