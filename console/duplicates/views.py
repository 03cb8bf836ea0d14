"""The pages on which duplicates are found and compared."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.customers.shown import shown_of
from console.duplicates.queries import KEYS
from console.duplicates.rules import differing, lost_custom
from console.fields.model import Kind
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput

PATH = "/customers/duplicates"


class FindQuery(BaseModel):
    """What is to be the same, and the page."""

    key: Annotated[str, Field(max_length=20)] = KEYS[0]
    page: Annotated[int, Field(ge=0, le=100_000)] = 0


class MergeForm(BaseModel):
    """Which of the two stays, and whose values."""

    kept: Annotated[str, Field(max_length=26)] = ""
    other: Annotated[str, Field(max_length=26)] = ""
    kept_version: int = 0
    other_version: int = 0
    take: list[Annotated[str, Field(max_length=30)]] = []


async def find(context: Context) -> web.StreamResponse:
    """Groups that have something in common."""
    query = context.query(FindQuery)
    key = query.key if query.key in KEYS else KEYS[0]
    groups, more = await context.services.duplicates.groups(key, query.page)
    return context.render(
        "duplicates/list.html", groups=groups, more=more, key=key, number=query.page
    )


async def compare(context: Context) -> web.StreamResponse:
    """Two beside each other."""
    ids = context.request.query
    return await _compare(context, ids.get("kept", ""), ids.get("other", ""))


async def merge(context: Context) -> web.StreamResponse:
    """Two are one."""
    form = await context.form(MergeForm)
    customers = context.services.customers
    kept, other = await customers.get(form.kept), await customers.get(form.other)
    said = {
        one.field.word: context.language.text(
            "{label} of {name}: {value}", label=one.label, name=loser.name, value=one.text
        )
        for loser, taken in ((other, False), (kept, True))
        for one in shown_of(context, loser.details)
        if (one.field.word in form.take) is taken and one.field.kind is not Kind.SECRET
    }
    try:
        await context.services.duplicates.merge(
            kept.id,
            other.id,
            (form.kept_version, form.other_version),
            form.take,
            said,
            context.viewer.user.id,
        )
    except (Conflict, InvalidInput) as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _compare(context, form.kept, form.other, refusal.status)
    return context.go(f"/customers/{kept.id}")


async def _compare(
    context: Context, kept_id: str, other_id: str, status: int = 200
) -> web.StreamResponse:
    customers = context.services.customers
    kept = await customers.get(kept_id)
    other = context.services.duplicates.alike(kept, await customers.get(other_id))
    asked = set(differing(kept.details, other.details))
    sides = zip(shown_of(context, kept.details), shown_of(context, other.details), strict=True)
    rows = [(mine, theirs, mine.field.word in asked) for mine, theirs in sides]
    return context.render(
        "duplicates/compare.html",
        status=status,
        stays=kept,
        other=other,
        rows=[row for row in rows if row[0].text or row[1].text],
        replaced=set(lost_custom(kept.details, other.details)),
    )
