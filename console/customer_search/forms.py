"""The advanced search's form: the address of its page holds all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from console.customer_search.model import CODES, FLAGS, TEXTS, Days, Mode, Range, Wanted
from console.customers.dates import Calendar, typed
from console.fields.model import Field, Kind
from console.service_records.rules import amount
from console.web.days import western
from pbxd.errors import InvalidInput

LONGEST = 200
NEWEST = "-new"
_NOT_ASKED = {"cursor", "sort"}


def values_of(query: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, without what is empty."""
    texts = {key: str(value).strip()[:LONGEST] for key, value in query.items()}
    return {key: text for key, text in texts.items() if text}


def address_of(values: Mapping[str, str], **changes: str) -> str:
    """The same search for an address, some values changed ("" left out)."""
    return urlencode({key: text for key, text in ({**values, **changes}).items() if text})


def asked(values: Mapping[str, str]) -> bool:
    """Was anything asked?"""
    return any(key not in _NOT_ASKED and key != "mode" for key in values)


def sort_of(values: Mapping[str, str]) -> str:
    """By what the result is sorted: a column's word, with a minus from high to low."""
    return values.get("sort", NEWEST)


def wanted_of(values: Mapping[str, str], own: Iterable[Field], today: date) -> Wanted:
    """As the search takes it. Raises InvalidInput naming the field."""
    mode = values.get("mode", "")
    quiet = _number(values, "quiet", 1, 36_500)
    return Wanted(
        texts=tuple((name, values[name]) for name in TEXTS if name in values),
        mode=Mode(mode) if mode in set(Mode) else Mode.CONTAINS,
        phone=values.get("phone", ""),
        kind=values.get("kind", ""),
        sex=values.get("sex", ""),
        codes=tuple((name, values[name]) for name in CODES if name in values),
        group=values.get("group", ""),
        flags=tuple((name, values[name] == "yes") for name in FLAGS if name in values),
        birth_year=_number(values, "birth_year", 1, 9999),
        birth_month=_number(values, "birth_month", 1, 12),
        birth_day=_number(values, "birth_day", 1, 31),
        birth_within=_within("today" if "birth_today" in values else values.get("birth_in"), today),
        wedding_within=_within(values.get("wedding_in"), today),
        quiet_since=today - timedelta(days=quiet) if quiet is not None else None,
        age_from=_number(values, "age_from", 0, 200),
        age_to=_number(values, "age_to", 0, 200),
        registered=_period(values, "registered"),
        contacted=_period(values, "contacted"),
        consulted=values.get("consulted", ""),
        served=_period(values, "served"),
        amount=(_amount(values, "amount_from"), _amount(values, "amount_to")),
        summary=values.get("summary", ""),
        own=tuple(_own(values, own)),
    )


def _own(values: Mapping[str, str], fields: Iterable[Field]) -> Iterable[tuple[str, str | Range]]:
    for field in fields:
        name = f"own.{field.word}"
        if field.kind in (Kind.NUMBER, Kind.MONEY, Kind.DATE):
            least, most = (_value(values, f"{name}.{end}", field) for end in ("from", "to"))
            if least is not None or most is not None:
                yield field.word, Range(least, most)
        elif name in values:
            yield field.word, values[name]


def _value(values: Mapping[str, str], name: str, field: Field) -> float | None:
    if name not in values:
        return None
    if field.kind is Kind.DATE:
        found = _day(values, name)
        return float(found.strftime("%Y%m%d")) if found else None
    try:
        return float(values[name].replace(",", ""))
    except ValueError:
        raise InvalidInput("field-number", "Enter a number.", field=name) from None


def _number(values: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    if name not in values:
        return None
    try:
        number = int(values[name])
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise InvalidInput(
            "number-between", "A number from {least} to {most}.", field=name, least=least, most=most
        )
    return number


def _amount(values: Mapping[str, str], name: str) -> int | None:
    return amount(values[name], name) if name in values else None


def _within(word: str | None, today: date) -> Days | None:
    """Today, today and six days more, or this month."""
    match word:
        case "today":
            return today, today
        case "week":
            return today, today + timedelta(days=6)
        case "month":
            first = today.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return None


def _period(values: Mapping[str, str], name: str) -> tuple[date | None, date | None]:
    return _day(values, f"{name}_from"), _day(values, f"{name}_to")


def _day(values: Mapping[str, str], name: str) -> date | None:
    found = typed(western(values.get(name, "")), Calendar.SOLAR, "", name)
    if found is None:
        return None
    if found.year == 0:
        raise InvalidInput("field-date", "Enter a date.", field=name)
    return date(found.year, found.month, found.day)
