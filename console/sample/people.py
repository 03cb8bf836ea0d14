"""Believable people, all invented: names, numbers, addresses, from one seed."""

from __future__ import annotations

import random

from console.customers.model import Details, Phone, PhoneKind
from console.sample.streets import places

FAMILY = (
    "김이박최정강조윤장임한오서신권황안송류홍전고문손양배백허유남심노하곽성차주우구민"
    "진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용"
)
FAMILY_WEIGHTS = [21, 15, 8, 5, 5, 2, 2, 2, 2, 2] + [1] * (len(FAMILY) - 10)
FIRST = "서민지하도예은수현주준시유채윤다승건우정태동성재영진혜나연아소가라원호"
SECOND = "준서연우윤아은진현민영호원희정수빈율후린경훈나라미혁석철숙자옥순"
DISTRICTS = (
    ("서울특별시 강남구", ("테헤란로", "역삼로", "봉은사로", "논현로")),
    ("서울특별시 마포구", ("월드컵로", "양화로", "백범로", "독막로")),
    ("서울특별시 종로구", ("종로", "율곡로", "자하문로", "대학로")),
    ("서울특별시 송파구", ("올림픽로", "백제고분로", "위례성대로")),
    ("부산광역시 해운대구", ("해운대로", "센텀중앙로", "달맞이길")),
    ("대구광역시 수성구", ("달구벌대로", "동대구로", "수성로")),
    ("인천광역시 연수구", ("송도과학로", "컨벤시아대로", "비류대로")),
    ("광주광역시 서구", ("상무중앙로", "무진대로", "죽봉대로")),
    ("대전광역시 유성구", ("대학로", "엑스포로", "계룡로")),
    ("경기도 성남시 분당구", ("판교역로", "성남대로", "황새울로")),
    ("경기도 수원시 영통구", ("광교중앙로", "덕영대로", "봉영로")),
    ("강원특별자치도 춘천시", ("중앙로", "영서로", "공지로")),
    ("전북특별자치도 전주시 완산구", ("기린대로", "팔달로", "전라감영로")),
    ("경상남도 창원시 성산구", ("창이대로", "중앙대로", "원이대로")),
    ("제주특별자치도 제주시", ("연북로", "노형로", "중앙로")),
)
COMPANIES = (
    "한빛",
    "미래",
    "대성",
    "푸른",
    "누리",
    "세종",
    "가온",
    "다온",
    "새롬",
    "한울",
    "동화",
    "삼호",
    "우진",
    "태평",
)
TRADES = (
    "상사",
    "테크",
    "건설",
    "유통",
    "식품",
    "디자인",
    "물산",
    "산업",
    "정보",
    "기획",
    "의료기",
    "통상",
)
MEMOS = (
    "",
    "",
    "",
    "",
    "오전에만 통화 가능",
    "배송 전 연락 요망",
    "정수기 필터 6개월 주기",
    "세금계산서 발행",
    "문 앞에 놓아 달라고 하심",
    "지난번 교환 건으로 문의 잦음",
    "소개로 오신 분",
    "어르신, 천천히 설명",
    "주차 등록 필요",
    "카드 결제 선호",
    "2층 계단만 있음",
)
AREAS = ("2", "31", "32", "51", "53", "42", "62", "63", "55", "64")


def name(chance: random.Random) -> str:
    """A Korean name."""
    family = chance.choices(FAMILY, FAMILY_WEIGHTS)[0]
    return family + chance.choice(FIRST) + chance.choice(SECOND)


def mobile(chance: random.Random) -> str:
    """A mobile number; 010-0000-… is left to the lab's outside."""
    return f"+8210{chance.randrange(2000, 9999):04}{chance.randrange(10_000):04}"


def typed(mobile: str) -> str:
    """A mobile number as it is written in a text."""
    return f"0{mobile[3:5]}-{mobile[5:9]}-{mobile[9:]}"


def landline(chance: random.Random) -> str:
    """A number with an area code."""
    area = chance.choice(AREAS)
    return f"+82{area}{chance.randrange(2100, 8999):04}{chance.randrange(10_000):04}"


def customer(chance: random.Random) -> Details:
    """One customer."""
    district, streets = chance.choice(DISTRICTS)
    company = chance.random() < 0.22
    firm = f"(주){chance.choice(COMPANIES)}{chance.choice(TRADES)}" if company else ""
    phones = [Phone(mobile(chance), PhoneKind.MOBILE)]
    if company or chance.random() < 0.25:
        kind = PhoneKind.WORK if company else PhoneKind.HOME
        phones.append(Phone(landline(chance), kind, "대표" if company else ""))
    floor = f"{chance.randrange(1, 20)}층" if chance.random() < 0.5 else ""
    street = chance.choice(streets)
    place = chance.choice(places()[district, street])
    return Details(
        name=name(chance),
        kind="company" if company and chance.random() < 0.4 else "person",
        company=firm,
        postcode=place.postcode,
        address=f"{district} {street} {place.number} ({place.quarter})",
        address2=floor,
        vip=chance.random() < 0.04,
        caution=chance.random() < 0.012,
        memo=chance.choice(MEMOS),
        phones=tuple(phones),
    )
