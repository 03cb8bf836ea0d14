"""A customer's history of changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from console.audit.queries import Note
from console.batches.model import Batch
from console.customer_history.words import texts_of, what_of
from console.customers.model import Customer, Details
from console.customers.shown import shown_of
from console.web.context import Context


class HistoryQuery(BaseModel):
    """Which page, and whether with who looked."""

    cursor: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One line: `fields` are (label, before, after)."""

    at: datetime
    who: str
    what: str
    fields: tuple[tuple[str, str, str], ...]
    words: str = ""  # of a merge: into whom
    said: str = ""  # `what` for people
    batch: Batch | None = None


async def page(context: Context) -> web.StreamResponse:
    """What was done with one customer; also with a deleted one."""
    id = context.request.match_info["id"]
    known = await context.services.customers.several([id])
    values = await _values(context, id)
    return context.render("customer_history/page.html", customer=known.get(id), **values)


async def pane(context: Context, customer: Customer) -> str:
    """Tab of the customer's page: the same."""
    return context.html("customer_history/pane.html", **await _values(context, customer.id))


async def _values(context: Context, id: str) -> dict[str, Any]:
    query = context.query(HistoryQuery)
    found = await context.services.customer_history.page(id, query.cursor, views=query.seen)
    changes = [change_of(context, line.note, line.batch) for line in found.rows]
    return {"id": id, "changes": changes, "page": found, "seen": query.seen}


def change_of(context: Context, note: Note, batch: Batch | None = None) -> Change:
    """One line of the log, in words."""

    def name(user_id: str) -> str:
        user = context.services.users.get(user_id)
        return user.name if user is not None else ""

    before, after = _details(note.before), _details(note.after)
    fields: tuple[tuple[str, str, str], ...] = ()
    words = ""
    if after is not None:
        fields = tuple(_differing(context, before or Details(""), after))
    elif note.after and note.what in ("customer.reveal", "customer.merge"):
        words = str(json.loads(note.after))
    else:
        fields = tuple(texts_of(note, context.language, name))
    said = what_of(note, context.language)
    return Change(note.at, name(note.user_id), note.what, fields, words, said, batch)


def _details(text: str) -> Details | None:
    value = json.loads(text) if text else None
    return Details.from_dict(value) if isinstance(value, dict) and "name" in value else None


def _differing(context: Context, before: Details, after: Details) -> list[tuple[str, str, str]]:
    old, new = before.as_dict(), after.as_dict()
    sides = zip(shown_of(context, before), shown_of(context, after), strict=True)
    found = [(one.label, was.text, one.text) for was, one in sides if one.differs(old, new)]
    numbers = _numbers(context, old), _numbers(context, new)
    if numbers[0] != numbers[1]:
        found.append((context.language.text("Numbers"), *numbers))
    entries = [" · ".join(" ".join(cells) for _, cells in one["entries"]) for one in (old, new)]
    if entries[0] != entries[1]:
        found.append((context.language.text("More"), entries[0], entries[1]))
    return found


def _numbers(context: Context, values: Mapping[str, Any]) -> str:
    display = context.services.daemon.plan.display
    return ", ".join(
        " ".join(part for part in (display(one["number"]), one["memo"]) if part)
        for one in values["phones"]
    )
