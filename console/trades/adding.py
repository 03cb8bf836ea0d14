"""Puts a trade's things into the office's lists, each behind what is there."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from console.codes import queries as codes
from console.codes.model import Code
from console.consultations import queries as consultations
from console.consultations.model import Type
from console.fields import queries as fields
from console.fields.model import Choice
from console.fields.service import default_choice
from console.service_records import queries as services
from console.service_records.model import Phrase
from console.service_records.rules import MOST_PHRASES
from console.trades.model import Done, Item, Office, OwnField, Part, What, Words, kept, said
from console.web.i18n import LANGUAGES
from pbxd.errors import InvalidInput
from pbxd.store.metadata import new_id

STEP = 10  # between places in a list


class Adding:
    """Writes things into the office's lists, each behind what is there."""

    def __init__(self, conn: AsyncConnection, office: Office, language: str) -> None:
        self._conn = conn
        self._language = language
        self._choices = dict(office.choices)
        self._places: dict[str, int] = {}
        for code in office.codes:
            self._behind(code.list, code.position)
        for type in office.types:
            self._behind(str(type.level), type.position)
        for choice in office.choices.values():
            self._behind("", choice.position)

    async def add(self, part: Part, item: Item) -> Done:
        """One thing."""
        match part.what:
            case What.CODES:
                place = self._next(part.list, STEP)
                code = Code(new_id(), part.list, item.text, item.colour, place)
                await codes.add(self._conn, code)
                return _done(part, item, code.id, kept(code))
            case What.FIELDS:
                assert isinstance(item.field, OwnField)
                choice = self._own(item.field)
                await fields.keep(self._conn, choice)
                return _done(part, item, choice.word, kept(choice))
            case What.LABELS | What.POP:
                return await self._standard(part, item)
            case What.TYPES:
                level = int(part.list)
                type = Type(new_id(), level, item.text, self._next(part.list, 1), item.colour)
                await consultations.keep_type(self._conn, type)
                return _done(part, item, type.id, kept(type))
            case What.PHRASES:
                return await self._phrase(part, item)

    def _own(self, field: OwnField) -> Choice:
        return Choice(
            new_id(),
            _labels(field.words),
            in_pop=field.in_pop,
            position=self._next("", STEP),
            kind=field.kind,
            choices=tuple(said(one, self._language) for one in field.choices),
        )

    async def _standard(self, part: Part, item: Item) -> Done:
        """Another name of a field that every office has, or its place in the screen pop."""
        assert isinstance(item.field, str)
        before = self._choices.get(item.field) or default_choice(item.field)
        after = replace(before, version=before.version + 1)
        if item.labels is not None:
            after = replace(after, labels=_labels(item.labels))
        else:
            after = replace(after, in_pop=True)
        self._choices[item.field] = after
        await fields.keep(self._conn, after)
        return _done(part, item, item.field, kept(after) if item.labels is not None else "")

    async def _phrase(self, part: Part, item: Item) -> Done:
        phrase = Phrase(new_id(), await services.next_number(self._conn), item.text)
        if phrase.number > MOST_PHRASES:
            raise InvalidInput("phrases-full", "There are no more numbers.")
        await services.add_phrase(self._conn, phrase)
        return _done(part, item, phrase.id, kept(phrase))

    def _behind(self, list: str, position: int) -> None:
        self._places[list] = max(self._places.get(list, 0), position)

    def _next(self, list: str, step: int) -> int:
        self._behind(list, self._places.get(list, 0) + step)
        return self._places[list]


def _labels(words: Words) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def _done(part: Part, item: Item, id: str, kept: str) -> Done:
    return Done(item.mark, part.what, id, item.text, kept)
