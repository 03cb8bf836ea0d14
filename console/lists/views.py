"""A list's columns are chosen; its filters get names."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.lists.model import choice_of
from console.web.context import Context
from pbxd.errors import InvalidInput, NotFound

# Each list and its address.
LISTS = {
    "customers": "/customers",
    "calls": "/calls",
    "consultations": "/consultations",
    "services": "/services",
    "callbacks": "/callbacks",
    "recordings": "/recordings",
    "users": "/users",
    "scheduled": "/scheduled",
    "phonebook": "/phonebook",
    "blacklist": "/blacklist",
    "history": "/settings/history",
    "abuse": "/abuse",
}
Word = Annotated[str, Field(max_length=40)]
Address = Annotated[str, Field(max_length=20_000)]


class ColumnsForm(BaseModel):
    """The columns in their order, and which are ticked; `reset`: as the office has them."""

    column: Annotated[list[Word], Field(max_length=200)] = []
    wide: Annotated[list[Word], Field(max_length=200)] = []
    small: Annotated[list[Word], Field(max_length=200)] = []
    reset: bool = False
    back: Address = ""


class SaveForm(BaseModel):
    """A filter under a name: the address's query."""

    query: Address = ""
    name: Annotated[str, Field(max_length=200)] = ""
    shared: bool = False
    back: Address = ""


class BackForm(BaseModel):
    """Where to go after it."""

    back: Address = ""


async def columns(context: Context) -> web.StreamResponse:
    """Keep the choice, or forget it."""
    form, list = await context.form(ColumnsForm), _list(context)
    wanted = () if form.reset else choice_of(form.column, form.wide, form.small)
    await context.services.lists.choose(context.viewer.user.id, list, wanted)
    return context.go(_safe(form.back, list))


async def save(context: Context) -> web.StreamResponse:
    """The filter under a name; without one it says so beside the field."""
    form, list = await context.form(SaveForm), _list(context)
    try:
        await context.services.lists.save(
            context.viewer.user.id, list, form.name, form.query, form.shared
        )
    except InvalidInput as refusal:
        said = context.fragment("lists/wrong.html", text=context.language.refusal(refusal))
        said.set_status(422)
        said.headers.update({"HX-Retarget": "#saved-wrong", "HX-Reswap": "innerHTML"})
        return said
    return context.go(_safe(form.back, list))


async def forget(context: Context) -> web.StreamResponse:
    """Away with a saved filter of one's own."""
    form, list = await context.form(BackForm), _list(context)
    id = context.request.match_info["id"]
    await context.services.lists.forget(id, context.viewer.user.id)
    return context.go(_safe(form.back, list))


def _list(context: Context) -> str:
    word = context.request.match_info["list"]
    if word not in LISTS:
        raise NotFound("no-list", "There is no such list.")
    return word


def _safe(back: str, list: str) -> str:
    """Only to a page of ours."""
    ours = back.startswith("/") and not back.startswith("//")
    return back if ours and back.isascii() and not set(back) & set('"\\\r\n ') else LISTS[list]
