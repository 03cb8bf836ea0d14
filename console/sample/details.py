"""What else an office knows about its customers: codes, own fields, birthdays, families."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from console.codes import model as lists
from console.customers.dates import Anniversary, Calendar
from console.customers.model import Customer, Details, Entry, Phone
from console.customers.service import Customers
from console.sample import people
from console.trades.service import Trades

TRADE = "rental"
SEED = 1203
CODES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (lists.MEMBERSHIP, ("상인회", "라이온스클럽", "입주자대표회의")),
    (lists.TITLE, ("대표", "이사", "과장", "대리")),
    (lists.DEPARTMENT, ("상담팀", "A/S팀", "운영팀")),
    (lists.RANK, ("사원", "대리", "과장", "팀장")),
)
HEARD = ("검색", "검색", "지인 소개", "지인 소개", "전단지", "SNS")
WORKPLACES = (
    ("04524", "서울특별시 중구 세종대로 110"),
    ("13529", "경기도 성남시 분당구 판교역로 166"),
    ("48058", "부산광역시 해운대구 센텀중앙로 79"),
)
JOBS = ("총무부", "영업부", "구매팀", "시설관리팀")
# model, monthly fee (won); the last two stand in shops and offices
MODELS = (
    ("맑은샘 200 직수형", 19_900),
    ("맑은샘 300 냉온", 29_900),
    ("맑은샘 400 얼음", 39_900),
    ("맑은샘 500 스탠드", 44_900),
    ("맑은샘 700 업소용", 55_000),
)
PLACES = (
    "지하철 2호선 3번 출구에서 5분",
    "주민센터 뒤 골목",
    "사거리 약국 건물",
    "초등학교 정문 앞",
)
HOMES = ("가온아파트", "누리빌라", "새봄아파트", "푸른마을아파트", "한빛타운", "강변빌라")
# last syllables of given names that women, and men, have as a rule
WOMEN, MEN = "연아은희린나라미숙자옥순영경", "준호혁석철훈후현우민율"
SCHOOLS = ("한빛대학교", "누리대학교", "가온고등학교", "새봄대학교")
SUBJECTS = ("경영학과", "전자공학과", "국어국문학과", "간호학과")
CONTRACT, VISITS = timedelta(days=3 * 365), 120  # days in which each is visited


@dataclass(frozen=True, slots=True)
class Lists:
    """Ids of the codes by list and name, and of the own fields by name."""

    codes: dict[str, dict[str, str]]
    fields: dict[str, str]


async def codes_and_fields(trades: Trades, customers: Customers, user_id: str) -> Lists:
    """The words of the office's trade (S3-04), and lists that any office has."""
    marks = [item.mark for part in await trades.plan(TRADE, "ko") for item in part.new]
    if marks:
        await trades.apply(TRADE, "ko", marks, user_id)
    codes = customers.codes
    for word, names in CODES:
        for name in names:
            if codes.named(word, name) is None:
                await codes.add(word, name, "", user_id)
    ids = {word: {one.name: one.id for one in codes.of(word)} for word, _ in lists.LISTS}
    return Lists(ids, {one.label: one.word for one in customers.fields.own()})


@dataclass(slots=True)
class Knowing:
    """Fills in what is known about one customer after the other; `dice` of its own, so that names
    and calls stay the same whatever is known."""

    lists: Lists
    today: date
    dice: random.Random

    def more(self, details: Details, place: int, since: date, known: Sequence[Customer]) -> Details:
        """The same customer with what is known about some; who comes first calls most."""
        dice, person = self.dice, details.kind == "person"
        prospect = dice.random() < 0.08 and place > 60
        birthday = self._birthday(place) if person else None
        introduced = dice.choice(known).details if known and dice.random() < 0.1 else None
        done = replace(
            details,
            number=f"A{place:09}",
            email=f"c{place}@example.com" if dice.random() < 0.3 else "",
            department=dice.choice(JOBS) if details.company and dice.random() < 0.5 else "",
            title=dice.choice(("대표", "대표", "이사", "과장", "대리")) if details.company else "",
            location=dice.choice(PLACES) if dice.random() < 0.06 else "",
            address2=details.address2 if details.company else self._home(details.address2),
            sex=self._sex(details.name) if person else "",
            birthday=birthday,
            membership=dice.choice(CODES[0][1]) if dice.random() < 0.04 else "",
            prospect=prospect,
            no_sms=dice.random() < 0.05,
            no_label=place % 29 == 0,
            registered_on=since,
            referrer=introduced.name if introduced else "",
            referrer_phone=_written(introduced.phones[0]) if introduced else "",
        )
        if place % 17 == 0:  # who gets his post at work
            postcode, address = WORKPLACES[place % len(WORKPLACES)]
            work = Entry("addresses", ("직장", postcode, address, f"{place % 9 + 2}층", ""))
            done = replace(done, entries=(work,))
        if person and dice.random() < 0.3:
            done = self._family(done)
        if not prospect and dice.random() < 0.03 and since < self.today - timedelta(days=365):
            done = replace(done, left_on=self.today - timedelta(days=dice.randrange(1, 90)))
        return self._sorted_in(self._contract(done, since), place, since)

    def _sorted_in(self, details: Details, place: int, since: date) -> Details:
        """Grade, groups, class, method: those that fit."""
        codes, dice = self.lists.codes, self.dice
        grade = "골드" if place <= 90 else "실버" if place <= 380 else "일반"
        where = dice.choice(("매장", "사무실", "사무실")) if details.company else "가정"
        groups = []
        if details.left_on or place > 1650:
            groups.append("휴면")
        elif place <= 250:
            groups.append("단골")
        if since > self.today - timedelta(days=150):
            groups.append("신규")
        if place in range(20, 400, 17) and not details.prospect:
            groups.append("해지 방어")
        return replace(
            details,
            grade=codes[lists.GRADE][grade] if not details.prospect else "",
            category=codes[lists.CATEGORY][where] if dice.random() < 0.85 else "",
            method=self._method(details),
            groups=tuple(codes[lists.GROUP][one] for one in groups),
        )

    def _method(self, details: Details) -> str:
        names = ("전화", "문자") if details.prospect else ("정기 방문", "정기 방문", "자가 관리")
        return self.lists.codes[lists.METHOD][self.dice.choice(names)]

    def _contract(self, details: Details, since: date) -> Details:
        """Which machine stands there, for how much, until when, and when we come next."""
        dice, fields = self.dice, self.lists.fields
        values = {}
        if dice.random() < 0.5:
            values["인지경로"] = "지인 소개" if details.referrer else dice.choice(HEARD)
        if not details.prospect and not details.left_on:
            model, fee = dice.choice(MODELS[2:] if details.company else MODELS[:3])
            visit = self.today + timedelta(days=dice.randrange(-3, VISITS))
            values |= {
                "월사용료": str(fee),
                "제품 모델": model,
                "의무 사용 만료일": (since + CONTRACT).isoformat(),
                "다음 점검일": visit.isoformat(),
            }
        custom = sorted((fields[label], text) for label, text in values.items())
        return replace(details, custom=tuple(custom))

    def _home(self, floor: str) -> str:
        """Often a flat in a house with a name."""
        if self.dice.random() < 0.4:
            return floor
        flat = f"{self.dice.randrange(1, 20)}{self.dice.randrange(1, 7):02}호"
        return f"{self.dice.choice(HOMES)} {100 + self.dice.randrange(1, 16)}동 {flat}"

    def _sex(self, name: str) -> str:
        by_chance = self.dice.choice("mf")
        return "f" if name[-1] in WOMEN else "m" if name[-1] in MEN else by_chance

    def _birthday(self, place: int) -> Anniversary | None:
        dice = self.dice
        year, month, day = dice.randrange(1945, 2004), dice.randrange(1, 13), dice.randrange(1, 29)
        calendar = Calendar.LUNAR if dice.random() < 0.12 else Calendar.SOLAR
        if place % 97 == 5:  # somebody has his birthday whenever one looks
            return Anniversary(
                year, self.today.month, min(self.today.day, 28 + 3 * (self.today.month != 2))
            )
        return Anniversary(year, month, day, calendar) if dice.random() < 0.7 else None

    def _family(self, details: Details) -> Details:
        """A wife or husband, children of an age that fits, a wedding day."""
        dice = self.dice
        born = details.birthday.year if details.birthday else dice.randrange(1960, 1990)
        born = min(born, 1992)
        wedding = date(born + dice.randrange(25, 33), 1, 1) + timedelta(days=dice.randrange(365))
        partner = people.name(dice)
        surname = details.name[0] if details.sex == "m" else partner[0]
        entries = [Entry("family", ("배우자", partner, "", people.typed(people.mobile(dice)), ""))]
        for child in range(dice.choice((0, 1, 1, 2))):
            birth = wedding + timedelta(days=500 + 900 * child + dice.randrange(300))
            if birth < self.today:
                given = people.name(dice)[1:]
                entries.append(
                    Entry("family", ("자녀", surname + given, birth.isoformat(), "", ""))
                )
        if dice.random() < 0.25:
            years = f"{born + 19}~{born + 23}"
            entries.append(
                Entry("school", (dice.choice(SCHOOLS), dice.choice(SUBJECTS), years, ""))
            )
        if dice.random() < 0.25:
            entries.append(Entry("assets", ("아파트 84㎡", "7억 원", str(born + 38), "자가")))
            entries.append(Entry("assets", ("승용차", "2,400만 원", "2022", "")))
        return replace(
            details,
            wedding=Anniversary(wedding.year, wedding.month, wedding.day),
            entries=(*details.entries, *entries),
        )


def twice(details: Details, other: Details, place: int) -> Details:
    """Somebody wrote `other` down a second time: in one of the ways in which that happens."""
    match place % 3:
        case 0:  # the same telephone, a short name
            name = f"{other.company or other.name[0]} {other.title or '사장님'}"
            return replace(details, name=name, phones=other.phones[:1], memo="전화로 문의하심")
        case 1:  # a new telephone, the same person
            return replace(
                details, name=other.name, birthday=other.birthday, sex=other.sex, kind="person"
            )
    return replace(
        details, name=other.name, address=other.address, postcode=other.postcode, memo="번호 바뀜"
    )


def _written(phone: Phone) -> str:
    """As people write a Korean mobile number."""
    digits = "0" + phone.number.removeprefix("+82")
    return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
