"""Trades, what is planned for an office, and what was done, as values. Times UTC."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.codes.model import Code
from console.consultations.model import Type
from console.fields.model import Choice, Kind
from console.service_records.model import Phrase
from console.web.i18n import LANGUAGES, msgid

Words = tuple[str, str, str]  # in the order of LANGUAGES

# S3-04's six groups of buyers; then S0's sellers (S0-26 …) and S4's contact centre.
GROUPS: tuple[tuple[str, str], ...] = (
    ("consulting", msgid("Technical consulting and services")),
    ("medical", msgid("Medicine and beauty")),
    ("retail", msgid("Wholesale and retail")),
    ("culture", msgid("Culture and education")),
    ("hotel", msgid("Hotels and catering")),
    ("association", msgid("Associations and temples")),
    ("sales", msgid("Selling to people one knows")),
    ("centre", msgid("Contact centres")),
)


def said(words: Words, language: str) -> str:
    """One language's."""
    return words[tuple(LANGUAGES).index(language)]


@dataclass(frozen=True, slots=True)
class Coloured:
    """A word of a list; `colour` "" none."""

    words: Words
    colour: str = ""


@dataclass(frozen=True, slots=True)
class OwnField:
    """A customer's field that only this trade needs; `in_pop`: shown when the phone rings."""

    words: Words
    kind: Kind = Kind.TEXT
    choices: tuple[Words, ...] = ()
    in_pop: bool = False


@dataclass(frozen=True, slots=True)
class Trade:
    """What fits a trade.

    `codes`: by list; `labels`: other names of standard fields; `pop`: standard fields that it
    wants to see when the phone rings; `types`: of consultations, by level.
    """

    word: str
    group: str
    name: Words
    about: Words
    codes: Mapping[str, tuple[Coloured, ...]]
    fields: tuple[OwnField, ...]
    labels: Mapping[str, Words]
    pop: tuple[str, ...]
    types: Mapping[int, tuple[Coloured, ...]]
    phrases: tuple[Words, ...]


class State(StrEnum):
    """What is to do about one thing of a trade."""

    NEW = "new"  # it will be added
    THERE = "there"  # the office has it
    KEPT = "kept"  # the office decided otherwise


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a trade in one language; `mark` names it, also in later plans.

    `field`: a standard field's word, or the own field; `labels`: its new names.
    """

    mark: str
    text: str
    state: State
    colour: str = ""
    field: OwnField | str = ""
    labels: Words | None = None


class What(StrEnum):
    """The parts of a trade."""

    CODES = "codes"
    FIELDS = "fields"
    LABELS = "labels"
    POP = "pop"
    TYPES = "types"
    PHRASES = "phrases"


@dataclass(frozen=True, slots=True)
class Part:
    """Things of one sort; `list`: which list of codes, or which level of types."""

    what: What
    list: str
    items: tuple[Item, ...]

    @property
    def new(self) -> tuple[Item, ...]:
        """What will be added."""
        return tuple(one for one in self.items if one.state is State.NEW)


@dataclass(frozen=True, slots=True)
class Office:
    """What the office has now; `marks`: of all that trades gave it and was not taken back."""

    codes: tuple[Code, ...]
    choices: Mapping[str, Choice]
    types: tuple[Type, ...]
    phrases: tuple[Phrase, ...]  # removed ones too
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that an act added; `id` of its row, `kept` as it was left behind."""

    mark: str
    what: What
    id: str
    text: str
    kept: str


@dataclass(frozen=True, slots=True)
class Act:
    """A trade was chosen, in a language."""

    id: str
    trade: str
    language: str
    by: str
    at: datetime
    done: tuple[Done, ...]
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """How much was taken back, and what stays: it is used, or was changed since."""

    count: int
    stayed: tuple[Done, ...]


def kept(thing: Code | Choice | Type | Phrase) -> str:
    """What people may change of it, to see whether somebody did."""
    match thing:
        case Code():
            parts: object = [thing.name, thing.colour, thing.removed]
        case Choice():
            parts = [sorted(thing.labels.items()), list(thing.choices), thing.removed]
        case Type():
            parts = [thing.name, thing.colour]
        case Phrase():
            parts = thing.text
    return json.dumps(parts, ensure_ascii=False)
