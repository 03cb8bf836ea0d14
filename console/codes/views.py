"""Settings: the office's lists, with order and colour."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.codes.model import LISTS
from console.fields.model import Kind
from console.web.context import Context
from pbxd.errors import InvalidInput, NotFound

PATH = "/settings/codes"


class CodeForm(BaseModel):
    """One code."""

    name: Annotated[str, Field(max_length=200)] = ""
    colour: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    plain: bool = False  # no colour
    position: Annotated[int, Field(ge=0, le=100_000)] = 0

    @property
    def chosen_colour(self) -> str:
        """ "" none."""
        return "" if self.plain else self.colour


class ListQuery(BaseModel):
    """Which list."""

    list: Annotated[str, Field(max_length=20)] = LISTS[0][0]


async def page(context: Context) -> web.StreamResponse:
    """One list; the others are tabs."""
    return _page(context, context.query(ListQuery).list)


async def add(context: Context) -> web.StreamResponse:
    """At the end of a list."""
    form, list = await context.form(CodeForm), context.request.match_info["list"]
    try:
        await context.services.codes.add(
            list, form.name, form.chosen_colour, context.viewer.user.id
        )
    except InvalidInput as refusal:
        context.errors["new"] = context.language.refusal(refusal)
        return _page(context, list, {"new": form}, 422)
    return context.go(f"{PATH}?list={list}")


async def change(context: Context) -> web.StreamResponse:
    """Name, order, colour."""
    form, id = await context.form(CodeForm), context.request.match_info["id"]
    codes = context.services.codes
    try:
        code = await codes.change(
            id, form.name, form.chosen_colour, form.position, context.viewer.user.id
        )
    except InvalidInput as refusal:
        context.errors[id] = context.language.refusal(refusal)
        known = codes.get(id)
        return _page(context, known.list if known else LISTS[0][0], {id: form}, 422)
    return context.go(f"{PATH}?list={code.list}")


async def remove(context: Context) -> web.StreamResponse:
    """Offered no more."""
    return await _removed(context, gone=True)


async def restore(context: Context) -> web.StreamResponse:
    """Offered again."""
    return await _removed(context, gone=False)


async def _removed(context: Context, *, gone: bool) -> web.StreamResponse:
    id, by = context.request.match_info["id"], context.viewer.user.id
    code = await context.services.codes.remove(id, by, gone=gone)
    return context.go(f"{PATH}?list={code.list}")


def _lists(context: Context) -> list[tuple[str, str]]:
    """(word, label): a list of customers' codes is called as their field is."""
    fields, language = context.services.fields, context.language
    named = {
        one.codes: fields.label(one.word, language)
        for one in fields.used()
        if one.kind in (Kind.CODE, Kind.CODES)
    }
    return [(word, named.get(word) or language.text(label)) for word, label in LISTS]


def _page(
    context: Context, list: str, typed: dict[str, CodeForm] | None = None, status: int = 200
) -> web.Response:
    if list not in dict(LISTS):
        raise NotFound("no-code-list", "There is no such list.")
    codes = context.services.codes
    return context.render(
        "codes/page.html",
        status=status,
        lists=_lists(context),
        chosen=list,
        codes=codes.of(list),
        removed=codes.removed(list),
        typed=typed or {},
    )
