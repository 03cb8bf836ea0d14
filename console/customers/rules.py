"""What makes a customer's record right. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from console.customers.model import Details, Phone
from pbxd.callers.numbers import NumberKind, NumberPlan
from pbxd.errors import InvalidInput

LONGEST = {"name": 80, "company": 80, "postcode": 10, "address": 200, "memo": 8000}
MOST_PHONES = 20


def checked(details: Details, plan: NumberPlan) -> Details:
    """Trimmed and with every number in its one form. Raises InvalidInput naming the field."""
    texts: dict[str, Any] = {name: _text(getattr(details, name), name) for name in LONGEST}
    if not texts["name"]:
        raise InvalidInput("customer-name", "Enter a name.", field="name")
    phones: list[Phone] = []
    for place, phone in enumerate(details.phones):
        if phone.number.strip() == "" and phone.memo.strip() == "":
            continue
        one = _phone(phone, place, plan)
        if one.number not in [known.number for known in phones]:
            phones.append(one)
    if len(phones) > MOST_PHONES:
        raise InvalidInput(
            "phones-many", "At most {most} numbers.", field="phones", most=MOST_PHONES
        )
    kind = details.kind if details.kind in ("person", "company") else "person"
    return replace(details, kind=kind, phones=tuple(phones), **texts)


def _text(value: str, name: str) -> str:
    trimmed = value.strip()
    if len(trimmed) > LONGEST[name]:
        raise InvalidInput(
            "text-long", "At most {most} characters.", field=name, most=LONGEST[name]
        )
    return "".join(char for char in trimmed if char >= " " or char in "\n\t")


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
    return replace(phone, number=number.e164, memo=phone.memo.strip()[:200])


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Three-way merge of two edits of one record: (values, fields that collide).

    A field that only one of us changed is taken; one that both changed differently collides and
    keeps mine, for the person to decide.
    """
    values: dict[str, Any] = {}
    colliding: list[str] = []
    for name in mine:
        if mine[name] == base.get(name):
            values[name] = theirs.get(name)
        else:
            values[name] = mine[name]
            if theirs.get(name) not in (base.get(name), mine[name]):
                colliding.append(name)
    return values, colliding
