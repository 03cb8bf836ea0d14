"""Addresses of Korea and Taiwan: what is typed, which numbers a postcode has. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from console.addresses.model import ENDLESS, SUB, Asked, Span, Street

_CODE = {"KR": re.compile(r"\d{5}"), "TW": re.compile(r"\d{3}(?:\d{2,3})?")}
_BRACKETS = re.compile(r"[()\[\],]")
_KR_LANE = re.compile(r"(?<=[로길]) +(\d+(?:번|[가-하])?길)(?=\d|\s|$)")
_KR_GLUED = re.compile(r"((?:로|길))(\d+(?:-\d+)?)(?=\s|$)")
_KR_NUMBER = re.compile(r"(\d{1,5})(?:-(\d{1,4}))?(?:번지|호)?")
_KR_OFFICE = re.compile(r"(?<=[가-힣])제?\d+(?=동$)")  # 역삼1동, the office of a part of 역삼동
_TW_END = re.compile(
    r"(?:(\d+)巷)?(?:(\d+)弄)?(?:(\d+)(?:[-之](\d+))?(?:號|$)(?:之(\d+))?)?(?P<rest>.*)"
)
_TW_ROAD = re.compile(r"(.*?[路街道村里段])(?=\d|$)")
_TW_COUNTY = re.compile(r"^(..[縣市])")
_DIGITS = "〇一二三四五六七八九"
KOREA = {  # what was renamed since, and what people write for short
    "강원도": "강원특별자치도",
    "전라북도": "전북특별자치도",
    "제주도": "제주특별자치도",
}
_SHORT = {
    "충청북도": "충북", "충청남도": "충남", "전라남도": "전남", "전북특별자치도": "전라북도",
    "경상북도": "경북", "경상남도": "경남", "제주특별자치도": "제주도",
    "강원특별자치도": "강원도",
}  # fmt: skip


def plain(text: str) -> str:
    """Composed, half-width; only letters and digits: as the table's words are."""
    value = unicodedata.normalize("NFKC", text).casefold().replace("台", "臺")
    return "".join(char for char in value if char.isalnum())


def words_of(street: Street) -> str:
    """All words by which a road is found."""
    parts = (street.region, _SHORT.get(street.region, ""), street.city, street.quarter)
    text = " ".join((*parts, street.road, street.building))
    return " ".join(word for word in map(plain, text.split()) if word)


def joined_of(street: Street) -> str:
    """The same as Taiwanese write it: without gaps."""
    return plain(f"{street.region}{street.city}{street.road}")


def asked(text: str, country: str) -> Asked:
    """What is looked for."""
    value = " ".join(unicodedata.normalize("NFKC", _BRACKETS.sub(" ", text)).split())
    if _CODE[country].fullmatch(value):
        return Asked(postcode=value)
    return _korean(value) if country == "KR" else _taiwanese(value)


def _korean(value: str) -> Asked:
    value = _KR_LANE.sub(r"\1", value)
    value = _KR_GLUED.sub(r"\1 \2", value)
    parts = value.split()
    words: list[str] = []
    for place, part in enumerate(parts):
        found = _KR_NUMBER.fullmatch(part)
        if found is None or not words:
            words.append(plain(_KR_OFFICE.sub("", part)))
            continue
        main, sub = int(found[1]), int(found[2] or 0)
        number = f"{main}-{sub}" if sub else str(main)
        # (역삼동) behind the number is where, 3층 is not
        rest = [one for one in parts[place + 1 :] if not re.fullmatch(r"[가-힣]+\d*[동리]", one)]
        return Asked(
            tuple(filter(None, words)),
            number=number,
            key=main * SUB + sub,
            rest=" ".join(rest),
        )
    return Asked(tuple(filter(None, words)))


def _taiwanese(value: str) -> Asked:
    value = re.sub(r"(\d+)(?=段)", lambda found: chinese(int(found[1])), value.replace("台", "臺"))
    head, _, tail = value.rpartition(" ") if re.search(r" \D*樓", value) else (value, "", "")
    joined = head.replace(" ", "")
    road = _TW_ROAD.match(joined)
    if road is None:
        return Asked(tuple(_TW_COUNTY.sub(r"\1 ", joined).split()))
    end = _TW_END.fullmatch(joined[road.end() :])
    assert end is not None  # everything in it may be missing
    lane, alley, main, sub, behind = end.groups()[:5]
    lanes = tuple(int(one) for one in (lane, alley) if one)
    units = "".join(f"{n}{unit}" for n, unit in zip(lanes, "巷弄", strict=False))
    written = ""
    if main:
        extra = sub or behind
        written = f"{int(main)}之{int(extra)}號" if extra else f"{int(main)}號"
    words = [plain(one) for one in _TW_COUNTY.sub(r"\1 ", road[1]).split()]
    key = int(main) * SUB + int(sub or behind or 0) if main else 0
    rest = f"{end['rest']} {tail}".strip()
    return Asked(tuple(words), lanes=lanes, number=units + written, key=key, rest=rest)


def chinese(number: int) -> str:
    """`5` → `五`, `12` → `十二`: sections of roads."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    ten = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return ten + (_DIGITS[ones] if ones else "")


def fitting(spans: Sequence[Span], wanted: Asked) -> list[Span]:
    """The spans that hold the number, the closest first; none: the table does not know it."""
    tokens = [lane * SUB for lane in wanted.lanes]
    if wanted.key:
        tokens.append(wanted.key)
    names = [f"{lane}{unit}" for lane, unit in zip(wanted.lanes, "巷弄", strict=False)]
    found: list[tuple[int, int, Span]] = []
    for span in spans:
        depth = 0 if not span.lane else span.lane.count("巷") + span.lane.count("弄")
        if "".join(names[:depth]) != span.lane or depth > len(tokens):
            continue
        if depth == len(tokens):  # the lane itself: all of it has this postcode
            if span.low == 0 and span.high == ENDLESS and not span.side:
                found.append((-depth, ENDLESS, span))
            continue
        key = tokens[depth]
        odd = 1 if (key // SUB) % 2 else 2
        if span.low <= key <= span.high and span.side in (0, odd):
            found.append((-depth, span.high - span.low, span))
    found.sort(key=lambda one: one[:2])
    if not found:
        return []
    best = found[0][:2]
    return [span for depth, width, span in found if (depth, width) == best]


def chosen(
    found: Iterable[tuple[Street, list[Span]]], wanted: Asked
) -> list[tuple[Street, list[Span]]]:
    """Only roads that have the number, if any of them has; the road as it was typed first."""
    roads: list[tuple[int, int, Street, list[Span]]] = []
    fit: list[tuple[int, int, Street, list[Span]]] = []
    for street, every in found:
        spans = [one for one in every if one.postcode.startswith(wanted.postcode)]
        other = not (wanted.words and plain(street.road).endswith(wanted.words[-1]))
        if street.number:
            if wanted.number in ("", street.number):
                roads.append((0, 0, street, spans))
                fit.append((0, 0, street, spans))
            continue
        roads.append((other, 0, street, spans))
        if wanted.number and (some := fitting(spans, wanted)):
            fit.append((other, some[0].high - some[0].low, street, some))
    best = sorted(fit if wanted.number and fit else roads, key=lambda one: one[:2])
    return [(street, spans) for _, _, street, spans in best]


def merged(points: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """(low, high, postcode) of the sorted (number, postcode) of one side of a road."""
    low = high = 0
    code = ""
    for number, postcode in points:
        if postcode != code:
            if code:
                yield low, high, code
            low, code = number, postcode
        high = number
    if code:
        yield low, high, code


def number_text(key: int) -> str:
    """`12-3` of what `SUB` says."""
    main, sub = divmod(key, SUB)
    return f"{main}-{sub}" if sub else str(main)


def address_of(street: Street, country: str, number: str) -> str:
    """As it is written on a letter."""
    number = street.number or number
    if country == "TW":
        return f"{street.region}{street.city}{street.road}{number}"
    town, _, village = street.quarter.partition(" ")
    rural = bool(village) or town.endswith(("읍", "면"))
    parts = (street.region, street.city, town if rural else "", street.road, number)
    behind = ", ".join(one for one in ("" if rural else street.quarter, street.building) if one)
    address = " ".join(part for part in parts if part)
    return f"{address} ({behind})" if behind and number else address


_SCOPE = re.compile(
    r"(?P<lane>\d+巷(?!至|以|及|$)(?:\d+弄(?!至|以|及|$))?)?(?P<side>[單雙連])?"
    r"(?:(?P<low>\d+)(?:之(?P<lowsub>\d+))?[巷弄號]?)?"
    r"(?:至(?P<high>\d+)?(?:之(?P<highsub>\d+))?[巷弄號]?)?"
    r"(?P<rule>以上|以下|及以上附號|含附號以下|含附號全?|附號全|全)?(?P<floors>\d+樓.*)?"
)


def scope(text: str, postcode: str) -> Span | None:
    """Taiwan's post's wording of a span (`單  21號至  39號`); None: not understood."""
    value = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _SCOPE.fullmatch(value)
    if found is None:
        return None
    side = {"單": 1, "雙": 2}.get(found["side"] or "", 0)
    lane, rule = found["lane"] or "", found["rule"] or ""
    low, high = 0, ENDLESS
    if found["low"]:
        low = int(found["low"]) * SUB + int(found["lowsub"] or 0)
        high = low
    if found["high"] or found["highsub"]:
        main = int(found["high"]) * SUB if found["high"] else low // SUB * SUB
        high = main + int(found["highsub"] or 0)
    if rule in ("以上", "及以上附號"):
        high = ENDLESS
    if rule in ("以下", "含附號以下"):
        low = 0
    if rule.startswith("含附號"):
        high += SUB - 1
    if rule == "附號全":
        low, high = low + 1, low + SUB - 1
    return Span(postcode, side, low, high, lane, value)
