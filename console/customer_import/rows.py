"""A row of a file as a customer. Pure, but for what it is told of the office's lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.customer_import.guess import PHONES
from console.customers.dates import Anniversary, Calendar, typed
from console.customers.forms import day
from console.customers.model import Details, Phone, PhoneKind
from console.fields.model import Field, Kind
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.errors import InvalidInput

_YES = {"1", "y", "yes", "true", "o", "v", "✓", "예", "네", "是", "有", "거부", "不", "✔", "x"}
_NO = {"", "0", "n", "no", "false", "아니오", "아니요", "否", "無", "-"}
_SEX = {"남": "m", "남자": "m", "남성": "m", "男": "m", "m": "m", "male": "m",
        "여": "f", "여자": "f", "여성": "f", "女": "f", "f": "f", "female": "f"}  # fmt: skip
_LUNAR, _LEAP = re.compile("음력?|농력|陰曆|農曆|lunar", re.I), re.compile("윤달?|閏月?|leap", re.I)
CODE = 40  # letters of a code's name
LEAST = 9  # digits: eight may be a number of one's own area
# 1980년 3월 5일, 1980. 3. 5., 80/3/5, 민국 69년 3월 5일, 069/03/05, with or without a time of day
_DAY = re.compile(
    r"(?:(?P<roc>(?:中華|中华|중화)?(?:民國|民国|민국))?\s*(?P<year>\d{2,4})\s*[-./년年])?"
    r"\s*(?P<month>\d{1,2})\s*[-./월月]\s*(?P<day>\d{1,2})\s*[.일日]?(?:[T\s]+(?:오전|오후|上午|下午|[AP]M)?\s*\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\.\d+)?(?:\s*[AP]M)?)?",
    re.I,
)
_DIGITS = re.compile(r"(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")  # 800305
_NOBODY = Details("")
_KINDS = {
    "mobile": PhoneKind.MOBILE,
    "phone": PhoneKind.HOME,
    "work": PhoneKind.WORK,
    "fax": PhoneKind.FAX,
}


@dataclass(slots=True)
class Row:
    """What a row says: `details` over an empty customer, `given` the fields that were filled."""

    details: Details
    given: frozenset[str]
    zeros: int = 0  # numbers whose 0 Excel took
    new_codes: tuple[tuple[str, str], ...] = ()  # (list, name) that no list has


class Reader:
    """Reads the rows of one file; `code` finds a list's entry by name ("" none)."""

    def __init__(
        self,
        columns: Sequence[str],
        fields: Mapping[str, Field],
        plan: NumberPlan,
        code: Callable[[str, str], str],
        *,
        zero: bool,
    ) -> None:
        self._columns = [(place, word) for place, word in enumerate(columns) if word]
        self._fields = fields
        self._plan = plan
        self._code = code
        self._zero = zero

    def read(self, cells: Sequence[str]) -> Row:
        """Raises InvalidInput naming the field."""
        changes: dict[str, Any] = {}
        phones: list[Phone] = []
        custom: list[tuple[str, str]] = []
        row = Row(_NOBODY, frozenset())
        given: set[str] = set()
        for place, word in self._columns:
            text = cells[place].strip() if place < len(cells) else ""
            if not text:
                continue
            given.add("phones" if word in PHONES else word)
            if word in PHONES:
                phones += self._phones(text, word, row)
            elif word == "memo":
                changes["memo"] = f"{changes['memo']}\n{text}" if "memo" in changes else text
            elif (field := self._fields[word]).own:
                custom.append((word, self._own(text, field)))
            else:
                changes[word] = self._value(field, text, row)
        row.details = Details(
            phones=tuple(phones), custom=tuple(custom), **({"name": ""} | changes)
        )
        row.given = frozenset(given)
        return row

    def _value(self, field: Field, text: str, row: Row) -> Any:
        found: Any = text
        match field.kind:
            case Kind.CHECK:
                found = _truth(text, field.word)
            case Kind.CHOICE:
                found = _SEX.get(text.casefold(), "")
            case Kind.DATE:
                found = day(self._day(text), field.word)
            case Kind.ANNIVERSARY:
                found = self._anniversary(text, field.word)
            case Kind.CODE:
                found = self._codes(text, field, row)[0]
            case Kind.CODES:
                found = self._codes(text, field, row)
        return found

    def _anniversary(self, text: str, word: str) -> Anniversary | None:
        """`1980-03-05`, `음 1980.3.5`, `1980.3.5 (음력 윤달)`."""
        calendar = Calendar.SOLAR
        if _LUNAR.search(text):
            calendar = Calendar.LEAP if _LEAP.search(text) else Calendar.LUNAR
        bare = _LEAP.sub("", _LUNAR.sub("", text)).strip(" ()·,")
        return typed(self._day(bare), calendar, self._plan.country, word)

    def _day(self, text: str) -> str:
        """As the form takes it, of all the ways in which other programs write a day."""
        text = text.strip()
        if digits := _DIGITS.fullmatch(text):
            text = "-".join(digits.groups())
        found = _DAY.fullmatch(text)
        if found is None:
            return text
        if not found["year"]:
            return f"{found['month']}-{found['day']}"
        year = int(found["year"])
        if found["roc"] or (len(found["year"]) < 4 and self._plan.country == "TW"):
            year += 1911
        elif len(found["year"]) == 2:  # as Excel counts
            year += 2000 if year < 30 else 1900
        return f"{year:04}-{int(found['month']):02}-{int(found['day']):02}"

    def _codes(self, text: str, field: Field, row: Row) -> tuple[str, ...]:
        ids = []
        for name in code_names(text, field):
            id = self._code(field.codes, name)
            if not id:
                row.new_codes = (*row.new_codes, (field.codes, name))
            ids.append(id)
        return tuple(ids) or ("",)

    def _own(self, text: str, field: Field) -> str:
        if field.kind is Kind.CHECK:
            return "1" if _truth(text, field.word) else ""
        return self._day(text) if field.kind is Kind.DATE else text

    def _phones(self, text: str, word: str, row: Row) -> list[Phone]:
        found = []
        for part in re.split(r"[,;/\n]\s*", text):
            number, restored = self._number(part)
            row.zeros += restored
            kind = self._kind(number, word)
            found.append(Phone(number, kind))
        return found

    def _number(self, text: str) -> tuple[str, bool]:
        """1012345678 was 010-1234-5678 before a spreadsheet took it for a number."""
        bare = text.strip()
        if not self._zero or not bare.isdigit() or bare.startswith("0") or len(bare) < LEAST:
            return bare, False
        kind = self._plan.classify(f"0{bare}").kind
        restored = kind in (NumberKind.MOBILE, NumberKind.LANDLINE, NumberKind.INTERNET)
        return (f"0{bare}", True) if restored else (bare, False)

    def _kind(self, number: str, word: str) -> PhoneKind:
        kind = _KINDS[word]
        if kind is PhoneKind.FAX:
            return kind
        mobile = self._plan.classify(number).kind is NumberKind.MOBILE
        if mobile:
            return PhoneKind.MOBILE
        return PhoneKind.HOME if kind is PhoneKind.MOBILE else kind


def code_names(text: str, field: Field) -> list[str]:
    """The names of codes in a cell: one, or several with , ; / between them."""
    parts = re.split(r"[,;/]", text) if field.kind is Kind.CODES else [text]
    return [name for part in parts if (name := part.strip()[:CODE])]


def _truth(text: str, field: str) -> bool:
    if text.casefold() in _NO:
        return False
    if text.casefold() in _YES:
        return True
    raise InvalidInput("yes-or-no", "“{text}” is neither yes nor no.", field=field, text=text[:40])


def filled_in(before: Details, row: Row) -> Details:
    """`before` with what the row gives; numbers and groups are added, nothing is emptied."""
    changes = {
        word: getattr(row.details, word)
        for word in row.given
        if word not in ("phones", "groups") and hasattr(row.details, word)
    }
    known = {phone.number for phone in before.phones}
    more = tuple(one for one in row.details.phones if one.number not in known)
    custom = dict(before.custom) | {word: text for word, text in row.details.custom if text}
    return replace(
        before,
        phones=before.phones + more,
        groups=tuple(dict.fromkeys((*before.groups, *row.details.groups))),
        custom=tuple(sorted(custom.items())),
        **changes,
    )
