"""What is asked for, as words that can be taken away one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.customer_search.forms import address_of
from console.customer_search.model import CODES, FLAGS, Mode
from console.web.context import Context
from console.web.i18n import msgid

MODES = {
    Mode.CONTAINS: msgid("contains"),
    Mode.EXACT: msgid("is"),
    Mode.PREFIX: msgid("starts with"),
    Mode.SUFFIX: msgid("ends with"),
}
_LABELS = {
    "phone": msgid("Any telephone number"),
    "kind": msgid("Kind"),
    "sex": msgid("Sex"),
    "group": msgid("Group"),
    "birth_year": msgid("Birthday: year"),
    "birth_month": msgid("Birthday: month"),
    "birth_day": msgid("Birthday: day"),
    "birth_today": msgid("Birthday"),
    "birth_in": msgid("Birthday falls"),
    "wedding_in": msgid("Wedding day falls"),
    "quiet": msgid("No contact for so many days"),
    "age": msgid("Age"),
    "registered": msgid("Registered on"),
    "contacted": msgid("Last contact"),
    "consulted": msgid("In consultations"),
    "summary": msgid("Service summary"),
    "served": msgid("Served"),
    "amount": msgid("Total of services"),
}
_WORDS = {
    ("kind", "person"): msgid("Person"),
    ("kind", "company"): msgid("Company"),
    ("sex", "m"): msgid("Male"),
    ("sex", "f"): msgid("Female"),
    ("birth_today", "1"): msgid("today, solar or lunar"),
    ("birth_in", "week"): msgid("in the next 7 days"),
    ("birth_in", "month"): msgid("in this month"),
    ("wedding_in", "today"): msgid("on today"),
    ("wedding_in", "week"): msgid("in the next 7 days"),
    ("wedding_in", "month"): msgid("in this month"),
    ("", "yes"): msgid("Yes"),
    ("", "no"): msgid("No"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition, and the same search's address without it."""

    label: str
    text: str
    without: str


def chips_of(context: Context, values: Mapping[str, str]) -> list[Chip]:
    """One for each condition; from and to of a range are one."""
    made: dict[str, Chip] = {}
    for key in values:
        if key in ("cursor", "sort", "mode"):
            continue
        word, ends = _range(key)
        if word in made:
            continue
        parts = [values.get(end, "") for end in ends] if ends else []
        said = " – ".join(parts) if ends else _text(context, word, values[key])
        gone = dict.fromkeys(ends or (key,), "")
        without = address_of(values, cursor="", **gone)
        made[word] = Chip(_label(context, word), said.strip(), without)
    mode = values.get("mode", "")
    if made and mode in set(Mode):
        text = context.language.text
        without = address_of(values, cursor="", mode="")
        made["mode"] = Chip(text("Texts"), text(MODES[Mode(mode)]), without)
    return list(made.values())


def _range(key: str) -> tuple[str, tuple[str, ...]]:
    for first, last in (("_from", "_to"), (".from", ".to")):
        for end in (first, last):
            if key.endswith(end):
                word = key.removesuffix(end)
                return word, (word + first, word + last)
    return key, ()


def _label(context: Context, word: str) -> str:
    if word in _LABELS:
        return context.language.text(_LABELS[word])
    return context.services.fields.label(word.removeprefix("own."), context.language)


def _text(context: Context, word: str, value: str) -> str:
    text = context.language.text
    if word in CODES or word == "group":
        found = context.services.codes.get(value)
        return found.name if found is not None else value
    said = _WORDS.get((word, value)) or (_WORDS.get(("", value)) if word in FLAGS else None)
    return text(said) if said is not None else value
