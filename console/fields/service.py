"""The office's choice of fields, in memory: every form and list is drawn with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from console.audit import queries as audit
from console.fields import queries
from console.fields.model import MOBILE, PHONES, STANDARD, Choice, Field, Kind
from console.web.i18n import LANGUAGES, Language
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.ports import Clock
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id

LONGEST_LABEL, MOST_CHOICES, MOST_OWN, STEP = 40, 100, 100, 10
ALWAYS = frozenset({"name", "phones"})  # cannot be taken out of the form
OWN_KINDS = (
    Kind.TEXT, Kind.LONG, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.CHOICE, Kind.CHECK, Kind.LINK,
)  # fmt: skip
_STANDARD = {one.word: one for one in (*STANDARD, PHONES, MOBILE)}


@dataclass(frozen=True, slots=True)
class Options:
    """`prefix`: how automatic customer numbers begin ("" none are given)."""

    prefix: str = "A"
    beside_name: str = "company"  # or number (S1-32): what lists show beside the name


class Fields:
    """Standard fields as the office has them, and its own ones."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._choices: dict[str, Choice] = {}
        self.options = Options()
        self._known: dict[str, Field] = dict(_STANDARD)
        self._defaults = {word: default_choice(word) for word in _STANDARD}
        self._settle()

    async def load(self) -> None:
        """Read them."""
        async with self._store.reading() as conn:
            self._choices = await queries.choices(conn)
            known = await queries.options(conn)
        self.options = replace(Options(), **known)
        self._known = _STANDARD | {
            one.word: _own(one) for one in self._choices.values() if one.word not in _STANDARD
        }
        self._settle()

    def choice(self, word: str) -> Choice:
        """What was decided about a field."""
        return self._choices.get(word) or self._defaults.get(word) or default_choice(word)

    def get(self, word: str) -> Field | None:
        """A field, standard or own (removed ones too)."""
        return self._known.get(word)

    def known(self) -> Mapping[str, Field]:
        """All by their words; a change makes another mapping."""
        return self._known

    def own(self, *, removed: bool = False) -> tuple[Field, ...]:
        """The office's own fields, in their order."""
        return tuple(
            self._known[one.word]
            for one in self._choices.values()
            if one.word not in _STANDARD and one.removed is removed
        )

    def used(self) -> tuple[Field, ...]:
        """The form's fields: standard ones in the catalogue's order, then own ones."""
        return self._used

    def group(self, group: str) -> tuple[Field, ...]:
        """The form's fields of one group."""
        return tuple(one for one in self.used() if one.group == group)

    def in_pop(self) -> tuple[Field, ...]:
        """Which the screen pop shows too."""
        return tuple(one for one in self.used() if self.choice(one.word).in_pop)

    def _settle(self) -> None:
        """What every saved customer is checked with."""
        self._used = tuple(one for one in (*STANDARD, *self.own()) if self.choice(one.word).used)
        words = [*_STANDARD, *(one.word for one in self.own())]
        self.required = frozenset(
            one for one in words if self.choice(one).used and self.choice(one).required
        )
        self.searchable = frozenset(one for one in self._known if self.choice(one).searchable)

    def label(self, word: str, language: Language) -> str:
        """What the office calls a field in `language` (else in another one, else as we do)."""
        labels, standard = self.choice(word).labels, _STANDARD.get(word)
        if said := labels.get(language.code):
            return said
        if standard is not None:
            return language.text(standard.label)
        return next((labels[code] for code in LANGUAGES if labels.get(code)), word)

    async def change(self, wanted: Choice, user_id: str) -> None:
        """Decide about a standard field or change an own one.

        Raises InvalidInput, NotFound, Conflict (somebody else has changed it meanwhile).
        """
        before = self.choice(wanted.word)
        if wanted.word not in self._known:
            raise NotFound("no-field", "There is no such field any more.")
        if wanted.version != before.version:
            raise Conflict("field-stale", "Somebody else has changed this field meanwhile.")
        wanted = replace(
            _checked(wanted, own=wanted.word not in _STANDARD),
            kind=before.kind,
            version=before.version + 1,
        )
        if wanted.word in ALWAYS:
            wanted = replace(wanted, used=True)
        if wanted.word == "name":
            wanted = replace(wanted, required=True)
        await self._keep(wanted, before, user_id)

    async def add(
        self, labels: Mapping[str, str], kind: Kind, choices: Sequence[str], user_id: str
    ) -> Choice:
        """A field of the office's own (S2-22). Raises InvalidInput."""
        known = [one for one in self._choices.values() if one.word not in _STANDARD]
        if len(known) >= MOST_OWN:
            raise InvalidInput("fields-many", "At most {most} own fields.", most=MOST_OWN)
        position = max((one.position for one in known), default=0) + STEP
        wanted = Choice(
            new_id(), dict(labels), kind=kind, choices=tuple(choices), position=position
        )
        wanted = _checked(wanted, own=True)
        await self._keep(wanted, None, user_id)
        return wanted

    async def remove(self, word: str, user_id: str, *, gone: bool = True) -> None:
        """Take an own field out of the forms (its values stay), or put it back."""
        if word in _STANDARD or word not in self._known:
            raise NotFound("no-field", "There is no such field any more.")
        before = self.choice(word)
        after = replace(before, removed=gone, version=before.version + 1)
        await self._keep(after, before, user_id)

    async def set_options(self, options: Options, user_id: str) -> None:
        """Raises InvalidInput."""
        prefix = options.prefix.strip().upper()
        if len(prefix) > 4 or not (prefix == "" or (prefix.isalpha() and prefix.isascii())):
            raise InvalidInput("number-prefix", "Up to four letters from A to Z.", field="prefix")
        beside = "number" if options.beside_name == "number" else "company"
        values = {"prefix": prefix, "beside_name": beside}
        async with self._store.writing() as conn:
            await queries.keep_options(conn, values)
            await audit.note(conn, self._clock(), user_id, "customer.options", "", None, values)
        self.options = Options(prefix, beside)

    async def require(self, words: frozenset[str], user_id: str) -> None:
        """Exactly these must be filled in from now on (S1-33, S2-21)."""
        for word in _STANDARD:
            before = self.choice(word)
            wanted = word in words or word == "name"
            if before.required is not wanted:
                after = replace(
                    before,
                    required=wanted,
                    used=before.used or wanted,
                    version=before.version + 1,
                )
                await self._keep(after, before, user_id)

    async def _keep(self, after: Choice, before: Choice | None, user_id: str) -> None:
        async with self._store.writing() as conn:
            await queries.keep(conn, after)
            await audit.note(
                conn,
                self._clock(),
                user_id,
                "field.change",
                after.word,
                _said(before),
                _said(after),
            )
        await self.load()


def default_choice(word: str) -> Choice:
    """What holds while the office has decided nothing about a field."""
    standard = _STANDARD.get(word)
    return Choice(
        word,
        used=standard is None or not standard.off,
        required=word == "name",
        kind=standard.kind if standard is not None else Kind.TEXT,
    )


def _own(choice: Choice) -> Field:
    label = next((choice.labels[code] for code in LANGUAGES if choice.labels.get(code)), "")
    longest = 8000 if choice.kind is Kind.LONG else 500
    choices = tuple((one, one) for one in choice.choices)
    return Field(choice.word, label, choice.kind, "own", longest, choices=choices, own=True)


def _checked(choice: Choice, *, own: bool) -> Choice:
    labels = {code: " ".join(choice.labels.get(code, "").split()) for code in LANGUAGES}
    for text in labels.values():
        if len(text) > LONGEST_LABEL:
            raise InvalidInput(
                "text-long", "At most {most} characters.", field="label", most=LONGEST_LABEL
            )
    if own and not any(labels.values()):
        raise InvalidInput("field-label", "Enter a name.", field="label")
    choices = tuple(dict.fromkeys(one.strip() for one in choice.choices if one.strip()))
    if choice.kind is Kind.CHOICE and own and not choices:
        raise InvalidInput("field-choices", "Enter the choices, one a line.", field="choices")
    if len(choices) > MOST_CHOICES or any(len(one) > 80 for one in choices):
        raise InvalidInput(
            "field-choices-many",
            "At most {most} choices of at most 80 characters.",
            field="choices",
            most=MOST_CHOICES,
        )
    kept = {code: text for code, text in labels.items() if text}
    return replace(choice, labels=kept, choices=choices)


def _said(choice: Choice | None) -> dict[str, object] | None:
    if choice is None:
        return None
    return {
        "labels": dict(choice.labels),
        "used": choice.used,
        "required": choice.required,
        "in_pop": choice.in_pop,
        "searchable": choice.searchable,
        "choices": list(choice.choices),
        "removed": choice.removed,
    }
