"""What is done to many customers: the page of tools, bulk deletion, and taking things back."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.batches.model import BatchKind
from console.batches.service import CHUNK
from console.web.context import Context
from pbxd.errors import InvalidInput

PATH = "/customers/tools"
SHOWN = 50


class DeleteForm(BaseModel):
    """Which: the ticked ones, or all that I keep."""

    id: Annotated[list[str], Field(max_length=1000)] = []
    kept: bool = False
    count: int = -1  # as the preview said


async def page(context: Context) -> web.StreamResponse:
    """What can be done, and what was done."""
    batches = await context.services.batches.all()
    users = context.services.users
    return context.render(
        "batches/page.html",
        batches=[(one, getattr(users.get(one.by), "name", "")) for one in batches],
        undone=context.request.query.get("undone", ""),
        stayed=context.request.query.get("stayed", ""),
        at_work=context.services.batches.at_work,
        totals=context.services.batches.wanted,
    )


async def preview(context: Context) -> web.StreamResponse:
    """Whom a bulk deletion would delete."""
    query = context.request.query
    form = DeleteForm(id=query.getall("id", [])[:1000], kept=query.get("kept") == "true")
    if not await _ids(context, form):
        return context.go("/customers/kept")
    return await _preview(context, form)


async def delete(context: Context) -> web.StreamResponse:
    """Delete them; the page of tools offers to take it back."""
    form = await context.form(DeleteForm)
    ids = await _ids(context, form)
    if len(ids) != form.count:  # the list changed since it was shown
        context.errors[""] = context.language.text("The list has changed: look at it once more.")
        return await _preview(context, form, 409)
    batches, by = context.services.batches, context.viewer.user.id
    id = await batches.begin(BatchKind.DELETE, "", by)
    work = batches.delete_in(id, ids, by)
    if len(ids) > CHUNK:  # the page of tools says how far it is
        context.services.daemon.supervisor.once("bulk deletion", work)
    else:
        await work
    return context.go(PATH)


async def stop(context: Context) -> web.StreamResponse:
    """No more of a deletion that goes on."""
    context.services.batches.stop(context.request.match_info["id"])
    return context.go(PATH)


async def undo(context: Context) -> web.StreamResponse:
    """Take one back."""
    id = context.request.match_info["id"]
    done = await context.services.batches.undo(id, context.viewer.user.id)
    return context.go(f"{PATH}?undone={done.done}&stayed={done.stayed}")


async def _ids(context: Context, form: DeleteForm) -> list[str]:
    if form.kept:
        return await context.services.search.kept_ids(context.viewer.user.id)
    known = await context.services.customers.several(form.id)
    return [id for id in dict.fromkeys(form.id) if id in known and not known[id].deleted_at]


async def _preview(context: Context, form: DeleteForm, status: int = 200) -> web.StreamResponse:
    ids = await _ids(context, form)
    if not ids:
        raise InvalidInput("nobody-chosen", "Tick the customers first.")
    rows = await context.services.customers.several(ids[:SHOWN])
    return context.render(
        "batches/delete.html",
        status=status,
        form=form,
        rows=[rows[id] for id in ids[:SHOWN] if id in rows],
        total=len(ids),
    )
