"""What makes a customer's record right. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from console.customers.model import Details, Entry, Phone, PhoneKind
from console.fields.model import CELL, SECTIONS, STANDARD, Field, Kind
from console.web.days import western
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.errors import InvalidInput

_TYPED = {Kind.TEXT, Kind.LONG}
LONGEST = {one.word: one.longest for one in STANDARD if one.kind in _TYPED}
MOST_PHONES, MOST_ROWS, MOST_GROUPS = 20, 200, 50
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_COLUMNS = {one.word: len(one.columns) for one in SECTIONS}


def checked(
    details: Details,
    plan: NumberPlan,
    own: Callable[[str], Field | None] = lambda word: None,
    required: Iterable[str] = (),
) -> Details:
    """Trimmed and with every number in its one form. Raises InvalidInput naming the field.

    `own` gives the office's own fields; `required` is what it wants filled in (S1-33, S2-21).
    """
    texts: dict[str, Any] = {name: _text(getattr(details, name), name) for name in LONGEST}
    if not texts["name"]:
        raise InvalidInput("customer-name", "Enter a name.", field="name")
    texts["number"] = "".join(texts["number"].split()).upper()
    if texts["email"] and not _EMAIL.fullmatch(texts["email"]):
        raise InvalidInput("email-form", "Write it like name@example.com.", field="email")
    if len(details.groups) > MOST_GROUPS:
        raise InvalidInput("groups-many", "At most {most}.", field="groups", most=MOST_GROUPS)
    if details.left_on and details.registered_on and details.left_on < details.registered_on:
        raise InvalidInput("left-before", "Nobody leaves before he is registered.", field="left_on")
    done = replace(
        details,
        kind=details.kind if details.kind in ("person", "company") else "person",
        sex=details.sex if details.sex in ("m", "f") else "",
        groups=tuple(dict.fromkeys(one for one in details.groups if one)),
        phones=_phones(details.phones, plan),
        entries=_entries(details.entries),
        custom=_custom(details.custom, own),
        **texts,
    )
    _filled(done, required)
    return done


def _filled(details: Details, required: Iterable[str]) -> None:
    custom = dict(details.custom)
    for word in required:
        if word == "phones":
            there: object = details.phones
        elif word == "mobile":
            there = any(phone.kind is PhoneKind.MOBILE for phone in details.phones)
        else:
            there = getattr(details, word, None) if hasattr(details, word) else custom.get(word)
        if not there:
            field = "phones" if word == "mobile" else word
            id, text = (
                ("mobile-missing", "Enter a mobile number.")
                if word == "mobile"
                else ("field-missing", "Fill this field in.")
            )
            raise _missing(id, text, field)


def _missing(id: str, text: str, field: str) -> InvalidInput:
    return InvalidInput(id, text, field=field)


def _text(value: str, name: str) -> str:
    if not value:  # most of a customer's fields
        return value
    trimmed = _printable(value).strip()
    if len(trimmed) > LONGEST[name]:
        raise InvalidInput(
            "text-long", "At most {most} characters.", field=name, most=LONGEST[name]
        )
    return trimmed


# control characters, and marks that turn the rest of a line round
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _printable(text: str) -> str:
    return _HIDDEN.sub("", text)


def _phones(phones: Iterable[Phone], plan: NumberPlan) -> tuple[Phone, ...]:
    found: list[Phone] = []
    for place, phone in enumerate(phones):
        if phone.number.strip() == "" and phone.memo.strip() == "":
            continue
        one = _phone(phone, place, plan)
        if one.number not in [known.number for known in found]:
            found.append(one)
    if len(found) > MOST_PHONES:
        raise InvalidInput(
            "phones-many", "At most {most} numbers.", field="phones", most=MOST_PHONES
        )
    return tuple(found)


def _phone(phone: Phone, place: int, plan: NumberPlan) -> Phone:
    field = f"phones.{place}"
    try:
        number = plan.parse(phone.number)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.id, refusal.message, field=field, **refusal.details) from None
    if number.kind is NumberKind.SAFETY:
        raise InvalidInput(
            "safety-number",
            "{number} is a safety number: it is given to others later, so it cannot be kept.",
            field=field,
            number=plan.display(number.e164),
        )
    if number.kind in (NumberKind.EXTENSION, NumberKind.EMERGENCY, NumberKind.SHORT):
        raise InvalidInput(
            "number-internal",
            "{number} is not a customer's number.",
            field=field,
            number=number.e164,
        )
    memo = _printable(phone.memo).strip()
    if len(memo) > CELL:
        raise InvalidInput("text-long", "At most {most} characters.", field=field, most=CELL)
    return replace(phone, number=number.e164, memo=memo)


def _entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for one in entries:
        cells = tuple(_printable(cell.strip()) for cell in one.cells)
        if one.section not in _COLUMNS or not any(cells):
            continue
        if any(len(cell) > CELL for cell in cells):
            raise InvalidInput(
                "text-long", "At most {most} characters.", field=one.section, most=CELL
            )
        width = _COLUMNS[one.section]
        found.append(Entry(one.section, (*cells[:width], *[""] * (width - len(cells)))))
    if len(found) > MOST_ROWS:
        raise InvalidInput(
            "rows-many", "At most {most} rows.", field=found[-1].section, most=MOST_ROWS
        )
    order = list(_COLUMNS)
    return tuple(sorted(found, key=lambda one: order.index(one.section)))


def _custom(
    values: Iterable[tuple[str, str]], own: Callable[[str], Field | None]
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for word, text in values:
        field = own(word)
        if text := text.strip():
            found.append((word, text if field is None else own_value(text, field)))
    return tuple(sorted(found))


def own_value(text: str, field: Field) -> str:
    """What is kept of a value of an own field. Raises InvalidInput."""
    if len(text) > field.longest:
        raise InvalidInput(
            "text-long", "At most {most} characters.", field=field.word, most=field.longest
        )
    match field.kind:
        case Kind.NUMBER | Kind.MONEY:
            return _number(text, field)
        case Kind.DATE:
            try:
                return date.fromisoformat(western(text)).isoformat()
            except ValueError:
                raise InvalidInput("field-date", "Enter a date.", field=field.word) from None
        case Kind.CHECK:
            return "1"
        case Kind.LINK:
            link = text if re.match(r"https?://", text) else f"https://{text}"
            if not re.fullmatch(r"https?://[^\s<>\"']+\.[^\s<>\"']+", link):
                raise InvalidInput(
                    "link-form", "Write it like https://example.com.", field=field.word
                )
            return link
    return _printable(text)


def _number(text: str, field: Field) -> str:
    try:
        number = Decimal(re.sub(r"[,\s_원元$₩]", "", text))
    except InvalidOperation:
        raise InvalidInput("field-number", "Enter a number.", field=field.word) from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise InvalidInput("field-number", "Enter a number.", field=field.word)
    if field.kind is Kind.MONEY and number != number.to_integral_value():
        raise InvalidInput("field-money", "Enter an amount without decimals.", field=field.word)
    whole = number == number.to_integral_value()
    return str(int(number)) if whole else format(number.normalize(), "f")


def own_number(text: str, kind: Kind) -> float | None:
    """By which own fields are compared: numbers and amounts; a day as 20261121."""
    if kind in (Kind.NUMBER, Kind.MONEY):
        return float(text)
    return float(text.replace("-", "")) if kind is Kind.DATE else None


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Three-way merge of two edits of one record: (values, fields that collide).

    A field that only one of us changed is taken; one that both changed differently collides and
    keeps mine, for the person to decide. Of lists this holds row by row.
    """
    values: dict[str, Any] = {}
    colliding: list[str] = []
    for name in mine:
        known, ours, other = base.get(name), mine[name], theirs.get(name)
        values[name] = other if ours == known else ours
        if ours == known or other in (known, ours):
            continue
        collides = True
        if name in _ROWS:
            values[name], collides = _merged_rows(_ROWS[name], known or [], ours, other or [])
        if collides:
            colliding.append(name)
    return values, colliding


# by what a row of a list is known; rows of sections only by all of what stands in them
_ROWS: dict[str, Callable[[Any], Any]] = {
    "phones": lambda row: row["number"],
    "custom": lambda row: row[0],
    "groups": str,
    "entries": str,
}


def _merged_rows(
    key: Callable[[Any], Any], base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]
) -> tuple[list[Any], bool]:
    """(rows, whether both changed one of them differently): mine in their order, then theirs."""
    known, ours, others = ({key(row): row for row in rows} for rows in (base, mine, theirs))
    found: list[Any] = []
    collides = False
    for one in {**ours, **others}:
        before, my, their = known.get(one), ours.get(one), others.get(one)
        if my in (before, their) or my is None:
            kept = their  # what I took out and they changed stays
        elif their in (before, None):
            kept = my
        elif isinstance(my, dict) and before is not None:
            kept, wrong = merged(before, my, their)
            collides = collides or bool(wrong)
        else:
            kept, collides = my, True
        if kept is not None and not (my is None and their == before):
            found.append(kept)
    return found, collides
