"""The page that hands a list's numbers and addresses to the programs of who writes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, Field

from console.audit.notes import noted
from console.codes import model as lists
from console.customer_search.chosen import ids_of
from console.messaging.rules import By, Recipients, batches, recipients
from console.web.context import Context
from console.web.excel import Table
from pbxd.callers.numbers import NumberKind
from pbxd.errors import InvalidInput

PATH = "/messages"
MOST = 2_000  # customers that are handed to a telephone
SHOWN = 200  # of those who are left out, by name
SIZES = (1, 10, 20)
CLASSES = (
    ("group", "groups", lists.GROUP),
    ("grade", "grade", lists.GRADE),
    ("category", "category", lists.CATEGORY),
)


class Query(BaseModel):
    """To whom: a list by its name, or classes; ticked ones stand beside it."""

    list: Annotated[str, Field(max_length=20_000)] = ""
    by: By = By.SMS
    size: int = 20
    group: Annotated[str, Field(max_length=26)] = ""
    grade: Annotated[str, Field(max_length=26)] = ""
    category: Annotated[str, Field(max_length=26)] = ""

    @property
    def named(self) -> str:
        """The list's name."""
        chosen = {word: getattr(self, word) for word, _, _ in CLASSES if getattr(self, word)}
        return f"s:{urlencode(chosen)}" if chosen else self.list


async def page(context: Context) -> web.StreamResponse:
    """Who gets it and who does not; the batches."""
    query = context.query(Query)
    ids, found = await _found(context, query)
    size = query.size if query.size in SIZES else SIZES[-1]
    if found.to:  # from here they go to a telephone: written down
        await noted(context, "customer.message", "", None, [query.by.value, len(found.to)])
    codes, fields = context.services.codes, context.services.fields
    return context.render(
        "messaging/page.html",
        wanted=query,
        size=size,
        sizes=SIZES,
        found=found,
        batches=list(batches(found.to, query.by, size)),
        total=len(ids),
        most=MOST,
        shown=SHOWN,
        address=_address(context, query),
        classes=[
            (word, fields.label(field, context.language), codes.of(list))
            for word, field, list in CLASSES
        ],
    )


async def export(context: Context) -> web.StreamResponse:
    """The same as Excel: all of them."""
    query = context.query(Query)
    ids, found = await _found(context, query, most=None)
    text, display = context.language.text, context.services.daemon.plan.display
    to = text("E-mail") if query.by is By.EMAIL else text("Number")
    table = Table("recipients", [text("Name"), to])
    for one in found.to:
        table.add((one.name, one.to if query.by is By.EMAIL else display(one.to)))
    await noted(context, "customer.export", "", None, {"what": query.by.value, "count": len(ids)})
    return table.response()


async def _found(
    context: Context, query: Query, most: int | None = MOST
) -> tuple[list[str], Recipients]:
    plan, ticked = context.services.daemon.plan, context.request.query.getall("id", [])
    try:
        ids = await ids_of(context, query.named, ticked)
    except InvalidInput as refusal:
        context.errors[""] = context.language.refusal(refusal)
        ids = []
    some = ids if most is None else ids[:most]
    known = await context.services.customers.several(some)
    living = [known[id] for id in some if id in known and known[id].deleted_at is None]
    return ids, recipients(
        living, query.by, lambda number: plan.classify(number).kind is NumberKind.MOBILE
    )


def _address(context: Context, query: Query) -> str:
    """The address's part that says to whom."""
    ticked = [("id", id) for id in context.request.query.getall("id", [])]
    return urlencode([*ticked, *([("list", query.named)] if query.named else [])])
