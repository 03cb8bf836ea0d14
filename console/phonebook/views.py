"""The page of the phonebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aiohttp import web

from console.audit.notes import noted
from console.lists.memory import part
from console.phonebook.columns import COLUMNS, LIST
from console.phonebook.forms import EntryForm, IdsForm, ListQuery
from console.phonebook.listing import fitting
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput, NotAllowed
from pbxd.phonebook.model import Entry, Format
from pbxd.presence.mirror import Aligned


async def page(context: Context) -> web.StreamResponse:
    """Everybody's entries and one's own."""
    query = context.query(ListQuery)
    typed = None
    if query.edit:
        entry = _mine(context, query.edit)
        typed = asdict(entry) | {
            "number": context.services.daemon.plan.display(entry.number),
            "private": bool(entry.owner_id),
        }
    return await shown(context, typed=typed)


async def save(context: Context) -> web.StreamResponse:
    """A new one or another content; what is wrong is said and stays typed."""
    form = await context.form(EntryForm)
    book = context.services.daemon.phonebook
    before = _mine(context, form.id) if form.id else None
    owner = context.viewer.user.id if form.private else ""
    wanted = Entry(
        form.id, owner, form.name, form.number, form.group, form.speed, form.memo, form.version
    )
    typed = form.model_dump()
    try:
        after = await book.save(wanted)
    except (InvalidInput, Conflict) as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else ""
        field = "speed" if refusal.id == "speed-taken" else field
        if refusal.id == "entry-stale":
            typed["version"] = book.get(form.id).version
        context.errors[field] = context.language.refusal(refusal)
        return await shown(context, typed=typed, status=422)
    told = asdict(before) if before is not None else None
    await noted(context, "phonebook.save", after.id, told, asdict(after))
    return context.go(context.query(ListQuery).address)


async def remove(context: Context) -> web.StreamResponse:
    """The ticked ones; the page offers to take it back."""
    form = await context.form(IdsForm)
    for id in form.id:
        _mine(context, id)
    gone = await context.services.daemon.phonebook.remove(form.id)
    for entry in gone:
        await noted(context, "phonebook.remove", entry.id, asdict(entry), None)
    if not gone:
        context.errors[""] = context.language.text("Tick the entries to delete.")
    return await shown(context, removed=gone, status=200 if gone else 422)


async def restore(context: Context) -> web.StreamResponse:
    """Undo a removal."""
    form = await context.form(IdsForm)
    await context.services.daemon.phonebook.restore(form.id)
    return context.go(context.query(ListQuery).address)


async def update_phones(context: Context) -> web.StreamResponse:
    """Speed dials compared and put right, desk phones told to read anew (S4-105)."""
    done, told = await context.services.daemon.phonebook.update_phones()
    return await shown(context, updated=done, told=told, asked=True)


def _mine(context: Context, id: str) -> Entry:
    """An entry that this person may change. Raises NotFound, NotAllowed."""
    entry = context.services.daemon.phonebook.get(id)
    if entry.owner_id not in ("", context.viewer.user.id):
        raise NotAllowed("not-your-entry", "This entry is somebody else's own.")
    return entry


async def shown(
    context: Context,
    *,
    typed: dict[str, Any] | None = None,
    removed: Sequence[Entry] = (),
    updated: Aligned | None = None,
    told: int = 0,
    asked: bool = False,
    token: str = "",
    status: int = 200,
) -> web.StreamResponse:
    """The page, with what has just happened."""
    daemon = context.services.daemon
    query = context.query(ListQuery)
    sort, rows = fitting(context, query)
    all_seen = daemon.phonebook.seen_by(context.viewer.user.id)
    blank = EntryForm().model_dump() | {
        "number": context.request.query.get("number", "")[:64],
        "name": context.request.query.get("name", "")[:80],
    }
    return context.render(
        "phonebook/page.html",
        status=status,
        page=part(rows, query.cursor),
        sort=sort,
        link=lambda sort: f"/phonebook?{query.link(sort=sort, cursor='', edit='')}",
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        groups=sorted({entry.group for entry in all_seen} - {""}),
        wanted=query,
        typed=typed or blank,
        removed=removed,
        updated=updated,
        told=told,
        asked=asked,
        token=token,
        devices=await daemon.phonebook.devices(),
        agents=[agent for agent in daemon.agents.all() if not agent.closed],
        formats=list(Format),
        dialled=daemon.phonebook.dialled,
        me=context.viewer.user.id,
    )
