"""The customer form: what the page sends, and what it shows again when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from console.customers import dates
from console.customers.dates import Anniversary, Calendar
from console.customers.model import Details, Entry, Phone, PhoneKind
from console.fields.model import SECTIONS, Field, Kind
from console.web.forms import FormId
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput

Values = Mapping[str, Any]  # as posted: text, or a list of texts
OWN = "own."


class HeadForm(BaseModel):
    """What goes with the customer: the version seen, the call it comes from, a new one's id."""

    version: int = 0
    call: str = ""
    made: FormId = ""


def details_of(values: Values, base: Details, fields: Iterable[Field], country: str) -> Details:
    """`base` with what was typed in `fields`. Raises InvalidInput naming the field.

    What the page does not show keeps its value: `fields` there names what it does show.
    """
    shown = set(_text(values, "fields").split()) or None
    changes: dict[str, Any] = {}
    custom = dict(base.custom)
    for field in fields:
        word = field.word
        if shown is not None and word not in shown:
            continue
        if field.own:
            if shown is not None or OWN + word in values:
                custom[word] = _text(values, OWN + word)
        elif shown is not None or word in values:
            changes[word] = _value(field, values, base, country)
    if "phone" in values:
        changes["phones"] = _phones(values)
    if any(section.word in (shown or ()) for section in SECTIONS):
        changes["entries"] = _entries(values)
    if "kind" in values:
        changes["kind"] = _text(values, "kind")
    return replace(
        base, custom=tuple((word, text) for word, text in custom.items() if text), **changes
    )


def _value(field: Field, values: Values, base: Details, country: str) -> Any:
    word, text = field.word, _text(values, field.word)
    found: Any = text
    match field.kind:
        case Kind.CHECK:
            found = text == "true"
        case Kind.CODES:
            found = tuple(many(values, word))
        case Kind.DATE:
            found = day(text, word, country)
        case Kind.ANNIVERSARY:
            letter = _text(values, f"{word}_calendar")
            calendar = Calendar(letter) if letter in set(Calendar) else Calendar.SOLAR
            found = dates.typed(text, calendar, country, word)
        case Kind.SECRET if text.strip():
            found = text.replace(":", "")  # never a token from outside
        case Kind.SECRET:
            found = "" if _text(values, f"{word}_remove") else getattr(base, word)
    return found


def day(text: str, field: str, country: str = "") -> date | None:
    """A date that was typed; None for nothing. Raises InvalidInput."""
    if not text.strip():
        return None
    found = dates.typed(text, Calendar.SOLAR, country, field)
    if found is None or found.year == 0:
        raise InvalidInput("field-date", "Enter a date.", field=field)
    return date(found.year, found.month, found.day)


def anyway(values: Values) -> frozenset[str]:
    """Numbers to be kept although their check digit does not fit."""
    words = ("national_id", "business_number")
    return frozenset(word for word in words if _text(values, f"{word}_anyway"))


def typed_of(details: Details, plan: NumberPlan) -> dict[str, Any]:
    """The form's values of a customer: as if somebody had just typed them."""
    values: dict[str, Any] = {}
    for name, value in details.as_dict().items():
        if isinstance(value, bool):
            values[name] = "true" if value else ""
        elif isinstance(value, str):
            values[name] = value
    for name in ("birthday", "wedding"):
        known: Anniversary | None = getattr(details, name)
        values[name] = known.written if known else ""
        values[f"{name}_calendar"] = known.calendar.value if known else Calendar.SOLAR.value
    for name in ("registered_on", "left_on"):
        known_day: date | None = getattr(details, name)
        values[name] = known_day.isoformat() if known_day else ""
    values |= {"national_id": "", "business_number": "", "groups": list(details.groups)}
    values["phone"] = [plan.display(one.number) for one in details.phones]
    values["phone_kind"] = [one.kind.value for one in details.phones]
    values["phone_memo"] = [one.memo for one in details.phones]
    for section in SECTIONS:
        rows = details.of(section.word)
        for place, (column, _) in enumerate(section.columns):
            values[f"{section.word}.{column}"] = [row.cells[place] for row in rows]
    values |= {OWN + word: text for word, text in details.custom}
    return values


def phone_rows(values: Values) -> list[tuple[str, str, str]]:
    """(number, kind, memo) as typed."""
    columns = (many(values, name) for name in ("phone", "phone_kind", "phone_memo"))
    return [
        (number, kind or PhoneKind.MOBILE.value, memo)
        for number, kind, memo in zip_longest(*columns, fillvalue="")
    ]


def section_rows(values: Values, word: str) -> list[tuple[str, ...]]:
    """A section's rows as typed."""
    section = next(one for one in SECTIONS if one.word == word)
    columns = (many(values, f"{word}.{column}") for column, _ in section.columns)
    return list(zip_longest(*columns, fillvalue=""))


def many(values: Values, name: str) -> list[str]:
    """A repeated field."""
    found = values.get(name, [])
    return [found] if isinstance(found, str) else [one for one in found if isinstance(one, str)]


def _text(values: Values, name: str) -> str:
    return next(iter(many(values, name)), "")


def _phones(values: Values) -> tuple[Phone, ...]:
    kinds = set(PhoneKind)
    return tuple(
        Phone(number, PhoneKind(kind) if kind in kinds else PhoneKind.OTHER, memo)
        for number, kind, memo in phone_rows(values)
    )


def _entries(values: Values) -> tuple[Entry, ...]:
    return tuple(
        Entry(section.word, row)
        for section in SECTIONS
        for row in section_rows(values, section.word)
    )


class ListQuery(BaseModel):
    """What the list shows."""

    q: str = ""
    sort: str = ""
    cursor: str = ""

    def link(self, **changes: str) -> str:
        """The same list, some values changed."""
        values = {"q": self.q, "sort": self.sort, **changes}
        return "/customers?" + urlencode({key: text for key, text in values.items() if text})


class NewQuery(BaseModel):
    """A new customer, perhaps from a call."""

    number: str = ""
    name: str = ""
    call: str = ""
