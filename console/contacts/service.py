"""What a telephone's contacts would be as customers, and who is one already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from console.customer_import.contacts import HEADS, vcard_rows
from console.customer_import.guess import PHONES
from console.customer_import.rows import Reader
from console.customers.model import Customer, Details
from console.customers.service import Customers
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput

MOST = 500  # contacts at once: more come as a file in the wizard


@dataclass(frozen=True, slots=True)
class Contact:
    """One of them. `same`: (id, name) of a customer who has one of its numbers."""

    place: int
    details: Details
    same: tuple[str, str] | None = None
    wrong: InvalidInput | None = None  # why it cannot be taken over

    @property
    def fits(self) -> bool:
        """It can be taken over, and nobody has its number."""
        return self.wrong is None and self.same is None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of those that were ticked."""

    made: tuple[Customer, ...]
    left: tuple[Contact, ...]  # with what is wrong


class Contacts:
    """Reads them again at each step: between two steps nothing is kept."""

    def __init__(self, customers: Customers, plan: NumberPlan) -> None:
        self._customers = customers
        self._plan = plan

    async def read(self, cards: str) -> tuple[Contact, ...]:
        """Raises InvalidInput: nothing there, or too much."""
        found = list(vcard_rows(cards))[1 : MOST + 2]
        if not found:
            raise InvalidInput("contacts-none", "There is no contact in it.", field="cards")
        if len(found) > MOST:
            raise InvalidInput(
                "contacts-many", "At most {most} contacts at once.", field="cards", most=MOST
            )
        reader = self._reader()
        return tuple([await self._contact(reader, *one) for one in enumerate(found)])

    async def take(self, cards: str, places: Collection[int], user_id: str) -> Taken:
        """Those that were ticked become customers; one that cannot harms no other."""
        made, left = [], []
        for one in await self.read(cards):
            if one.place not in places:
                continue
            try:
                if one.wrong is not None:
                    raise one.wrong
                made.append(await self._customers.create(one.details, user_id))
            except InvalidInput as wrong:
                left.append(replace(one, wrong=wrong))
        return Taken(tuple(made), tuple(left))

    def _reader(self) -> Reader:
        fields = {field.word: field for field in self._customers.fields.used()}
        columns = [word if word in fields or word in PHONES else "" for word in HEADS]
        return Reader(columns, fields, self._plan, lambda codes, name: "", zero=True)

    async def _contact(self, reader: Reader, place: int, cells: list[str]) -> Contact:
        try:
            details = self._customers.checked(reader.read(cells).details, Details(""), frozenset())
        except InvalidInput as wrong:
            return Contact(place, Details(cells[0]), wrong=wrong)
        for phone in details.phones:
            for _, id, name in await self._customers.with_number(phone.number):
                return Contact(place, details, same=(id, name))
        return Contact(place, details)
