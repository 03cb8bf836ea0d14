"""The office's own sheets, and the office as a sender."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from console.labels.forms import SenderForm, SheetForm, typed_of
from console.labels.model import Sheet
from console.labels.sheets import STANDARD
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput

PATH = "/labels/own"
NEW = "new"


async def page(context: Context) -> web.StreamResponse:
    """All of them, and an empty form, or one filled as another sheet is (`?like=`)."""
    like = context.request.query.get("like", "")
    typed = typed_of(await context.services.labels.sheet(like)) if like else SheetForm()
    if like:
        typed = typed.model_copy(update={"name": "", "version": 0})
    return await _page(context, {NEW: typed})


async def add(context: Context) -> web.StreamResponse:
    """A new sheet."""
    return await _save(context, NEW)


async def change(context: Context) -> web.StreamResponse:
    """Other measures."""
    return await _save(context, context.request.match_info["id"])


async def _save(context: Context, id: str) -> web.StreamResponse:
    form = await context.form(SheetForm)
    try:
        wanted = form.made("" if id == NEW else id)
        await context.services.labels.save_sheet(wanted, context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors[f"{id}-{refusal.field}"] = context.language.refusal(refusal)
        return await _page(context, {id: form}, 422)
    except Conflict as stale:
        context.errors[f"{id}-"] = context.language.refusal(stale)
        theirs = await context.services.labels.sheet(id)
        newest = form.model_copy(update={"version": theirs.version})
        return await _page(context, {id: newest}, 409, theirs)
    return context.go(PATH)


async def remove(context: Context) -> web.StreamResponse:
    """Offered no more; it can be put back."""
    id = context.request.match_info["id"]
    await context.services.labels.remove_sheet(id, context.viewer.user.id, gone=True)
    return context.go(PATH)


async def restore(context: Context) -> web.StreamResponse:
    """Offered again."""
    id = context.request.match_info["id"]
    await context.services.labels.remove_sheet(id, context.viewer.user.id, gone=False)
    return context.go(PATH)


async def sender(context: Context) -> web.StreamResponse:
    """The office's address on labels."""
    form = await context.form(SenderForm)
    await context.services.labels.set_sender(form.made(), context.viewer.user.id)
    return context.go(PATH)


async def _page(
    context: Context,
    typed: dict[str, SheetForm],
    status: int = 200,
    theirs: Sheet | None = None,
) -> web.StreamResponse:
    service = context.services.labels
    sheets = await service.sheets()
    forms = {one.id: typed.get(one.id) or typed_of(one) for one in sheets}
    office = context.services.daemon.settings.office.name
    sender = await service.sender()
    return context.render(
        "labels/own.html",
        status=status,
        sheets=sheets,
        removed=await service.sheets(removed=True),
        forms={NEW: typed.get(NEW) or SheetForm(), **forms},
        theirs=theirs,
        opened={one for one in typed if one != NEW or status != 200 or typed[NEW].width},
        standard=STANDARD,
        sender=sender if sender.name or sender.address else replace(sender, name=office),
    )
