"""Drafts as JSON, for the forms of a page."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.web.context import Context

MOST = 200  # forms on one page
Form = Annotated[str, Field(max_length=80, min_length=1)]
Name = Annotated[str, Field(max_length=200)]
Value = Annotated[str, Field(max_length=100_000)]


class DraftForm(BaseModel):
    """A form and what stands in it; nothing: it is forgotten."""

    form: Form
    fields: Annotated[list[tuple[Name, Value]], Field(max_length=500)] = []


async def read(context: Context) -> web.StreamResponse:
    """What the viewer typed into them elsewhere and did not save."""
    forms = context.request.query.getall("form", [])[:MOST]
    found = await context.services.drafts.of(context.viewer.user.id, forms)
    return web.json_response(found, headers={"Cache-Control": "no-store"})


async def write(context: Context) -> web.StreamResponse:
    """Keep it, or forget it."""
    draft = await context.form(DraftForm)
    await context.services.drafts.keep(context.viewer.user.id, draft.form, draft.fields)
    return web.Response(status=204)
