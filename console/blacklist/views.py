"""The list of refused numbers and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from console.audit import queries as audit
from console.audit.notes import noted
from console.blacklist.columns import COLUMNS, LIST
from console.blacklist.forms import (
    EntryForm,
    IdsForm,
    ListQuery,
    PolicyForm,
    QuickForm,
    TrialQuery,
)
from console.blacklist.listing import fitting, rows_of
from console.lists.memory import part
from console.web.context import Context
from console.web.toasts import Undo, toast
from pbxd.blacklist import queries, rules
from pbxd.blacklist.model import Entry, Policy
from pbxd.blacklist.service import Wanted
from pbxd.errors import Conflict, InvalidInput
from pbxd.presence.mirror import Aligned

TRIAL_DAYS = 90
TRIAL_CALLS = 5
_NOT_KEPT = {"Cache-Control": "no-store"}


async def page(context: Context) -> web.StreamResponse:
    """All refused numbers, newest first."""
    return await _page(context)


async def add(context: Context) -> web.StreamResponse:
    """A new one; what is wrong is said and stays in the form."""
    form = await context.form(EntryForm)
    daemon = context.services.daemon
    try:
        wanted = form.wanted(daemon.settings.office.zone)
        entry = await daemon.blacklist.add(wanted, context.viewer.user.id)
    except (InvalidInput, Conflict) as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else "number"
        context.errors[field] = context.language.refusal(refusal)
        return await _page(context, typed=form.model_dump(), status=422)
    await note(context, "blacklist.add", [entry])
    return context.go(context.query(ListQuery).address)


async def quick(context: Context) -> web.StreamResponse:
    """One click on a call or a customer; the notice offers to take it back."""
    form = await context.form(QuickForm)
    text = context.language.text
    number = context.services.daemon.plan.display(form.number)
    try:
        entry = await context.services.daemon.blacklist.add(
            Wanted(form.number, name=form.name[:80]), context.viewer.user.id
        )
    except Conflict as refusal:
        return toast(context.language.refusal(refusal))
    await note(context, "blacklist.add", [entry])
    said = text("{number} is refused from now on.").format(number=number)
    values = {"id": [entry.id], "undo": True}
    return toast(said, undo=Undo("/blacklist/remove", values, text("Undo")))


async def change(context: Context) -> web.StreamResponse:
    """Another kind, name, reason or last day."""
    form, id = await context.form(EntryForm), context.request.match_info["id"]
    daemon = context.services.daemon
    before = daemon.blacklist.get(id)
    try:
        await daemon.blacklist.change(id, form.wanted(daemon.settings.office.zone))
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, typed=form.model_dump(), wrong=id, status=422)
    after = daemon.blacklist.get(id)
    await noted(
        context,
        "blacklist.change",
        id,
        _told(before) if before is not None else None,
        _told(after) if after is not None else None,
    )
    return context.go(context.query(ListQuery).address)


async def remove(context: Context) -> web.StreamResponse:
    """The ticked ones may call again; the page offers to take it back."""
    form = await context.form(IdsForm)
    gone = await context.services.daemon.blacklist.remove(form.id)
    await note(context, "blacklist.remove", gone)
    if form.undo:
        return web.json_response({"reason": context.language.text("Taken back.")})
    if not gone:
        context.errors[""] = context.language.text("Tick the numbers that may call again.")
        return await _page(context, status=422)
    return await _page(context, removed=gone)


async def restore(context: Context) -> web.StreamResponse:
    """Undo a removal."""
    form = await context.form(IdsForm)
    blacklist = context.services.daemon.blacklist
    await blacklist.restore(form.id)
    back = [entry for id in form.id if (entry := blacklist.get(id)) is not None]
    await note(context, "blacklist.add", back)
    return context.go(context.query(ListQuery).address)


async def update_phones(context: Context) -> web.StreamResponse:
    """Compare with the telephone system and put it right (S4-103)."""
    done = await context.services.daemon.blacklist.update_phones()
    return await _page(context, updated=done, asked=True)


async def save_policy(context: Context) -> web.StreamResponse:
    """How everybody who is refused is treated."""
    form = await context.form(PolicyForm)
    daemon = context.services.daemon
    before = daemon.blacklist.policy
    await daemon.blacklist.set_policy(Policy(form.how, form.anonymous))
    await noted(
        context,
        "blacklist.policy",
        "",
        [before.how.value, before.anonymous],
        [form.how.value, form.anonymous],
    )
    return context.go(context.query(ListQuery).address)


async def trial(context: Context) -> web.StreamResponse:
    """While typing: which calls of the last months would have been refused?"""
    query = context.query(TrialQuery)
    daemon = context.services.daemon
    try:
        number = daemon.blacklist.number(query.number, query.is_prefix) if query.number else ""
    except InvalidInput:
        number = ""
    if not number:
        return web.Response(text="", content_type="text/html", headers=_NOT_KEPT)
    beginnings = rules.e164_beginnings(number, daemon.plan.prefix) if query.is_prefix else ()
    since = daemon.clock() - timedelta(days=TRIAL_DAYS)
    async with daemon.store.reading() as conn:
        count, newest = await queries.past(conn, number, beginnings, since, TRIAL_CALLS)
    names = await context.services.customers.names(
        sorted({call.customer_id for call in newest} - {""})
    )
    html = context.services.templates.fragment(
        context.language,
        "blacklist/trial.html",
        count=count,
        newest=newest,
        names=names,
        days=TRIAL_DAYS,
    )
    return web.Response(text=html, content_type="text/html", headers=_NOT_KEPT)


async def note(context: Context, what: str, entries: Sequence[Entry]) -> None:
    """Each change of the list is on file."""
    daemon = context.services.daemon
    now = daemon.clock()
    async with daemon.store.writing() as conn:
        for entry in entries:
            await audit.note(conn, now, context.viewer.user.id, what, entry.id, None, _told(entry))


def _told(entry: Entry) -> list[Any]:
    expires = entry.expires_at.isoformat() if entry.expires_at is not None else None
    return [entry.number, entry.is_prefix, entry.kind.value, entry.name, entry.reason, expires]


async def _page(
    context: Context,
    *,
    typed: dict[str, Any] | None = None,
    wrong: str = "",
    removed: Sequence[Entry] = (),
    updated: Aligned | None = None,
    asked: bool = False,
    status: int = 200,
) -> web.StreamResponse:
    daemon = context.services.daemon
    query = context.query(ListQuery)
    found = await fitting(context, query)
    page = part(found.entries, query.cursor)
    return context.render(
        "blacklist/page.html",
        status=status,
        rows=await rows_of(context, page.rows),
        page=page,
        order=found,
        link=lambda sort: f"/blacklist?{query.link(sort=sort, cursor='')}",
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        wanted=query,
        policy=daemon.blacklist.policy,
        typed=typed or _prefilled(context),
        wrong=wrong,
        removed=removed,
        updated=updated,
        asked=asked,
        today=daemon.clock().astimezone(daemon.settings.office.zone).date(),
    )


def _prefilled(context: Context) -> dict[str, Any]:
    """From a link: the number and the name that it brings along."""
    query = context.request.query
    number = query.get("number", "")[:64]
    written = context.services.daemon.plan.display(number) if number.startswith("+") else number
    return {"number": written, "name": query.get("name", "")[:80]}
