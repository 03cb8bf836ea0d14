"""What a trade would add to an office: never over what it decided itself, nothing twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from console.fields.model import WORDS, Choice
from console.trades.model import (
    Coloured,
    Item,
    Office,
    OwnField,
    Part,
    State,
    Trade,
    What,
    Words,
    said,
)


def plan(trade: Trade, language: str, office: Office) -> tuple[Part, ...]:
    """All of a trade in one language, part by part, with what is to do about each thing."""
    parts = [
        Part(What.CODES, list, tuple(_code(list, one, language, office) for one in rows))
        for list, rows in trade.codes.items()
    ]
    fields = tuple(_field(one, language, office) for one in trade.fields)
    labels = tuple(_label(word, row, language, office) for word, row in trade.labels.items())
    parts += [
        Part(What.FIELDS, "", fields),
        Part(What.LABELS, "", labels),
        Part(What.POP, "", tuple(_pop(word, office) for word in trade.pop)),
    ]
    parts += [
        Part(What.TYPES, str(level), tuple(_type(level, one, language, office) for one in rows))
        for level, rows in trade.types.items()
    ]
    parts.append(
        Part(What.PHRASES, "", tuple(_phrase(one, language, office) for one in trade.phrases))
    )
    gone = office.marks
    return tuple(_without_gone(part, gone) for part in parts if part.items)


def ticked(parts: Iterable[Part], ticks: Iterable[str]) -> list[tuple[Part, Item]]:
    """What is new and wanted."""
    wanted = set(ticks)
    return [(part, item) for part in parts for item in part.new if item.mark in wanted]


def _without_gone(part: Part, marks: frozenset[str]) -> Part:
    """What a trade gave the office before and is not there now, the office took out itself."""
    items = tuple(
        replace(one, state=State.KEPT) if one.state is State.NEW and one.mark in marks else one
        for one in part.items
    )
    return replace(part, items=items)


def _code(list: str, word: Coloured, language: str, office: Office) -> Item:
    name = said(word.words, language)
    found = [one for one in office.codes if one.list == list and _same(one.name, name)]
    return Item(f"code/{list}/{name}", name, _state(found, "removed"), word.colour)


def _field(field: OwnField, language: str, office: Office) -> Item:
    wanted = {one.casefold() for one in field.words}
    found = [
        one
        for one in office.choices.values()
        if wanted & {label.casefold() for label in one.labels.values()}
    ]
    state = _state(found, "removed")
    return Item(f"field/{field.words[0]}", said(field.words, language), state, field=field)


def _label(word: str, labels: Words, language: str, office: Office) -> Item:
    choice = office.choices.get(word, Choice(word))
    known = {label for label in choice.labels.values() if label}
    state = State.NEW if not known else State.THERE if known == set(labels) else State.KEPT
    return Item(f"label/{word}", said(labels, language), state, field=word, labels=labels)


def _pop(word: str, office: Office) -> Item:
    choice = office.choices.get(word, Choice(word))
    state = State.THERE if choice.in_pop else State.NEW if choice.used else State.KEPT
    return Item(f"pop/{word}", "", state, field=word)


def _type(level: int, word: Coloured, language: str, office: Office) -> Item:
    name = said(word.words, language)
    there = any(one.level == level and _same(one.name, name) for one in office.types)
    state = State.THERE if there else State.NEW
    return Item(f"type/{level}/{name}", name, state, word.colour)


def _phrase(words: Words, language: str, office: Office) -> Item:
    text = said(words, language)
    found = [one for one in office.phrases if _same(one.text, text)]
    return Item(f"phrase/{text}", text, _state(found, "removed_at"))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _state(found: Sequence[object], removed: str) -> State:
    if not found:
        return State.NEW
    return State.KEPT if all(getattr(one, removed) for one in found) else State.THERE


def own_fields(choices: Iterable[Choice]) -> int:
    """How many the office has, taken-out ones too."""
    return sum(one.word not in WORDS for one in choices)
