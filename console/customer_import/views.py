"""The wizard: send a file, say what its columns are, try it out, read it in."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from console.audit.notes import noted
from console.customer_import import guess
from console.customer_import.model import Import, Plan, Policy, Same, State
from console.customer_import.reading import MOST_COLUMNS
from console.customers.export import columns_of
from console.web.context import Context
from console.web.excel import BigTable
from console.web.uploads import saved_file
from pbxd.errors import Conflict, InvalidInput

PATH = "/customers/import"
MOST_MB = 60
COLUMNS = 26


class PlanForm(BaseModel):
    """How the file is read."""

    sheet: Annotated[int, Field(ge=0, le=1000)] = 0
    header: Annotated[int, Field(ge=0, le=guess.MOST_HEADER)] = 1
    column: list[Annotated[str, Field(max_length=26)]] = []
    policy: Policy = Policy.SKIP
    same: Same = Same.PHONE
    zero: bool = False
    make_codes: bool = False
    coding: Literal["", "utf-8-sig", "utf-16", "cp949", "big5"] = ""
    separator: Literal["", ",", ";", "\t"] = ""
    then: Annotated[str, Field(max_length=10)] = ""  # check or run

    def plan(self) -> Plan:
        """As the service takes it."""
        return Plan(
            self.sheet,
            self.header,
            tuple(self.column),
            self.policy,
            self.same,
            self.zero,
            self.make_codes,
            self.coding,
            self.separator,
        )


async def start(context: Context) -> web.StreamResponse:
    """Where a file is chosen."""
    return context.render("customer_import/start.html", most=MOST_MB)


async def send(context: Context) -> web.StreamResponse:
    """A file."""
    try:
        one = await context.services.imports.add(partial(_sent, context), context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors["file"] = context.language.refusal(refusal)
        return context.render("customer_import/start.html", status=422, most=MOST_MB)
    await noted(context, "customers.file", one.id, None, one.name)
    return context.go(f"{PATH}/{one.id}")


async def form(context: Context) -> web.StreamResponse:
    """An empty file to fill in (S4-107)."""
    heads = columns_of(context.services.fields, context.language)
    with BigTable("customers", [one.label for one in heads]) as table:
        return await table.response()


async def page(context: Context) -> web.StreamResponse:
    """One file, at whichever step it is."""
    return await _page(context, context.request.match_info["id"])


async def plan(context: Context) -> web.StreamResponse:
    """Columns and rules; then, if wanted, the try-out or the reading in."""
    values, id = await context.form(PlanForm), context.request.match_info["id"]
    imports = context.services.imports
    try:
        await imports.plan(id, values.plan())
        if values.then in ("check", "run"):
            await imports.start(id, dry=values.then == "check")
    except (InvalidInput, Conflict) as refusal:
        context.errors["plan"] = context.language.refusal(refusal)
        return await _page(context, id, values.plan(), refusal.status)
    return context.go(f"{PATH}/{id}")


async def cancel(context: Context) -> web.StreamResponse:
    """Stop."""
    id = context.request.match_info["id"]
    await context.services.imports.cancel(id)
    return context.go(f"{PATH}/{id}")


async def go_on(context: Context) -> web.StreamResponse:
    """The rest of one that was cut short."""
    id = context.request.match_info["id"]
    try:
        await context.services.imports.go_on(id)
    except Conflict as refusal:
        context.errors["plan"] = context.language.refusal(refusal)
        return await _page(context, id, status=refusal.status)
    return context.go(f"{PATH}/{id}")


async def wrong(context: Context) -> web.StreamResponse:
    """The rows that could not be read in, with why: to put right and send again."""
    id = context.request.match_info["id"]
    one = await context.services.imports.get(id)
    text = context.language.text
    heads = _heads(context, one)
    width = len(heads)
    with BigTable("not-read-in", [*heads, text("Row"), text("Why not")]) as table:
        rows = [
            [*cells, *[""] * (width - len(cells)), str(number), why]
            for number, why, cells in context.services.imports.wrong(id, context.language)
        ]
        await asyncio.to_thread(table.add_all, rows)
        return await table.response()


async def _sent(context: Context, target: Path) -> str:
    missing = InvalidInput("file-missing", "Choose a file.", field="file")
    big = InvalidInput(
        "file-big",
        "This file is larger than {most} MB. Save it without pictures or in several parts.",
        field="file",
        most=MOST_MB,
    )
    return await saved_file(context.request, target, MOST_MB * 2**20, missing=missing, big=big)


async def _page(
    context: Context, id: str, typed: Plan | None = None, status: int = 200
) -> web.StreamResponse:
    imports = context.services.imports
    one = await imports.get(id)
    shown = typed or one.plan
    rows = imports.sample(id, one.plan.header + 8)
    width = max([len(row) for row in rows] + [len(one.plan.columns)])
    head = rows[one.plan.header - 1] if 0 < one.plan.header <= len(rows) else []
    below = rows[one.plan.header : one.plan.header + 4]
    columns = [
        (
            _letter(place),
            head[place] if place < len(head) else "",
            [row[place] for row in below if place < len(row) and row[place]],
            shown.columns[place] if place < len(shown.columns) else "",
        )
        for place in range(width)
    ]
    return context.render(
        "customer_import/page.html",
        status=status,
        one=one,
        plan=shown,
        columns=columns,
        unread=max(0, one.sheets[one.plan.sheet][2] - MOST_COLUMNS),
        targets=_targets(context),
        headers=[(row, row) for row in range(1, guess.MOST_HEADER + 1)],
        wrong=_first_wrong(context, one),
        State=State,
    )


def _heads(context: Context, one: Import) -> list[str]:
    """The file's headings; where it has none, the field's, by which it is known again."""
    sample = context.services.imports.sample(one.id, one.plan.header)
    there = sample[one.plan.header - 1] if 0 < one.plan.header <= len(sample) else []
    labels = dict(_targets(context))
    pairs = zip_longest(there, one.plan.columns, fillvalue="")
    return [head or labels.get(word, "") for head, word in pairs]


def _first_wrong(context: Context, one: Import) -> list[tuple[int, str, list[str]]]:
    if one.busy or not one.counts.wrong:
        return []
    found = context.services.imports.wrong(one.id, context.language)
    return [row for _, row in zip(range(10), found, strict=False)]


def _targets(context: Context) -> list[tuple[str, str]]:
    """(word, label) of what a column may be."""
    text, fields = context.language.text, context.services.fields
    phones = dict(
        zip(guess.PHONES, (text("Mobile"), text("Phone"), text("Work"), text("Fax")), strict=True)
    )
    every = [(one.word, fields.label(one.word, context.language)) for one in fields.used()]
    return [every[0], *phones.items(), *every[1:]]


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, COLUMNS)
        letters = chr(ord("A") + rest) + letters
    return letters
