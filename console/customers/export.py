"""Customers out: as an Excel file of chosen columns, in pages of the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from aiohttp import web

from console.audit.notes import noted
from console.customers.model import Details, Phone, PhoneKind
from console.customers.shown import plain_text
from console.fields.model import Field, Kind
from console.fields.service import Fields
from console.lists.export import dated
from console.web.context import Context
from console.web.excel import BigTable
from console.web.i18n import Language
from pbxd.callers.numbers import NumberPlan

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `field` None: telephone numbers."""

    word: str
    label: str
    field: Field | None = None


def columns_of(fields: Fields, language: Language, chosen: Sequence[str] = ()) -> list[Column]:
    """All columns in their order, or the chosen ones."""
    phones = [
        Column("mobile", language.text("Mobile")),
        Column("phone", language.text("Phone")),
        Column("fax", language.text("Fax")),
        Column("other", language.text("Other numbers")),
    ]
    every = [
        Column(one.word, fields.label(one.word, language), one)
        for one in fields.used()
        if one.kind is not Kind.SECRET
    ]
    every[1:1] = phones
    wanted = set(chosen)
    return [one for one in every if one.word in wanted] if wanted else every


def offered(fields: Fields) -> Callable[[Language], list[tuple[str, str]]]:
    """For templates: (word, label) of the columns one may choose."""
    return lambda language: [(one.word, one.label) for one in columns_of(fields, language)]


async def exported(context: Context, ids: Sequence[str], what: str) -> web.StreamResponse:
    """The file; who took how many, and which columns, is written down."""
    chosen = context.request.query.getall("column", [])
    columns = columns_of(context.services.fields, context.language, chosen)
    await noted(
        context,
        "customer.export",
        "",
        None,
        {"what": what, "count": len(ids), "columns": [one.word for one in columns]},
    )
    title = context.language.text("Customers")
    cells = _cells(context, columns)
    with BigTable(title, [one.label for one in columns]) as table:
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            known = await context.services.customers.several(some)
            # said as it is written: not on the event loop, where calls wait
            rows = ([say(known[id].details) for say in cells] for id in some if id in known)
            await asyncio.to_thread(table.add_all, rows)
        return await table.response(dated(context, title))


def _cells(context: Context, columns: Sequence[Column]) -> list[Callable[[Details], str]]:
    """What each column says of a customer."""
    numbers = lru_cache(1)(partial(_numbers, context.services.daemon.plan))

    def of_kind(word: str) -> Callable[[Details], str]:
        return lambda details: numbers(details.phones).get(word, "")

    return [
        of_kind(one.word) if one.field is None else plain_text(context, one.field)
        for one in columns
    ]


def _numbers(plan: NumberPlan, phones: tuple[Phone, ...]) -> dict[str, str]:
    """By column: the first mobile number, the first other one, faxes; what is more."""
    found: dict[str, list[str]] = {}
    for phone in phones:
        number = plan.display(phone.number)
        if phone.kind is PhoneKind.FAX:
            found.setdefault("fax", []).append(number)
            continue
        word = "mobile" if phone.kind is PhoneKind.MOBILE else "phone"
        found.setdefault("other" if word in found else word, []).append(number)
    return {word: ", ".join(some) for word, some in found.items()}
