"""What customers are checked with and found by; it can be sent to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from console.codes.model import Code
from console.customers.dates import solar
from console.customers.model import Details
from console.customers.personal import Personal, business_number, national_id
from console.customers.records import FOUND_BY, Derived, Prepared, short
from console.customers.rules import checked, own_number
from console.fields.model import Field
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput
from pbxd.store.search import Doc


@dataclass(frozen=True, slots=True)
class Checks:
    """The office's rules at one moment: fields and codes by their id."""

    plan: NumberPlan
    personal: Personal
    fields: Mapping[str, Field]
    required: frozenset[str]
    searchable: frozenset[str]
    codes: Mapping[str, Code]

    def checked(self, details: Details, before: Details, anyway: frozenset[str]) -> Details:
        """As the store may have it: sealed where it must be. Raises InvalidInput.

        `anyway`: fields whose number is kept although its check digit does not fit.
        """
        sealed: dict[str, Any] = {}
        for word, check in (("national_id", national_id), ("business_number", business_number)):
            text, known = getattr(details, word), getattr(before, word)
            if text and text != known:
                number, mask = check(text, self.plan.country, anyway=word in anyway)
                sealed[word] = self.personal.seal(number, mask)
        for word in ("grade", "category", "method"):
            self._code(word, getattr(details, word), word)
        for id in details.groups:
            self._code("group", id, "groups")
        if sealed:
            details = replace(details, **sealed)
        return checked(details, self.plan, self.fields.get, self.required)

    def prepared(self, details: Details) -> Prepared:
        """What is written beside checked details: the costly part."""
        return Prepared.of(details, self.derived(details), Doc.of(*self.document(details)))

    def derived(self, details: Details) -> Derived:
        """What a customer is found by."""
        born = solar(details.birthday, self.plan.country) if details.birthday else None
        return Derived(
            born.isoformat() if born else "",
            self.personal.mark(self.personal.open(details.national_id)),
            self.personal.mark(self.personal.open(details.business_number)),
            {
                word: own_number(text, field.kind)
                for word, text in details.custom
                if (field := self.fields.get(word)) is not None
            },
        )

    def document(self, details: Details) -> tuple[list[str], list[str]]:
        """(texts, numbers) by which the quick search finds a customer."""
        values = [getattr(details, word) for word in FOUND_BY]
        # A000000004 as A4: else its zeros would make every telephone number's look alike
        values.append(short(details.number))
        values += [phone.memo for phone in details.phones]
        values += [cell for entry in details.entries for cell in entry.cells]
        values += [text for word, text in details.custom if word in self.searchable]
        return values, [self.plan.display(phone.number) for phone in details.phones]

    def _code(self, list: str, id: str, field: str) -> None:
        found = self.codes.get(id)
        if id and (found is None or found.list != list):
            raise InvalidInput("code-unknown", "Choose one of the list.", field=field)
