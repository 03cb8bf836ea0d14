"""The scheduled calls' screens."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.desk.who import agent_of, agent_or_none
from console.lists.forms import SortedQuery
from console.scheduled.columns import COLUMNS, LIST
from console.scheduled.forms import ScheduleForm, ScheduleQuery, VersionForm
from console.scheduled.rows import listed, names_of, whose
from console.web.context import Context
from console.web.permissions import Action, Scope
from pbxd.errors import Conflict, InvalidInput, NotAllowed
from pbxd.scheduled.model import ScheduledCall
from pbxd.scheduled.queries import Filter

MOST = 500  # to come, on the page
PAGE = 100  # of the past


async def page(context: Context) -> web.StreamResponse:
    """What is to come, what was, and the form."""
    query = context.query(ScheduleQuery)
    typed = {"number": query.number, "customer": query.customer}
    return await _page(context, typed)


async def add(context: Context) -> web.StreamResponse:
    """Schedule a call; what is wrong is said and stays in the form."""
    form, agent = await context.form(ScheduleForm), agent_of(context)
    daemon = context.services.daemon
    try:
        due = form.moment(daemon.clock(), daemon.settings.office.zone)
        await daemon.scheduled.add(agent.id, form.number, due, form.note, form.customer)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, form.model_dump(), status=422)
    return context.go("/scheduled")


async def edit(context: Context) -> web.StreamResponse:
    """One call to change."""
    call = await _mine(context, Action.VIEW)
    zone = context.services.daemon.settings.office.zone
    typed = {
        "number": context.services.daemon.plan.display(call.number),
        "due": f"{call.due_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        "note": call.note,
    }
    return await _page(context, typed, editing=call)


async def change(context: Context) -> web.StreamResponse:
    """Another number or time."""
    form, call = await context.form(ScheduleForm), await _mine(context, Action.EDIT)
    daemon = context.services.daemon
    try:
        due = form.moment(daemon.clock(), daemon.settings.office.zone)
        await daemon.scheduled.change(call.id, form.number, due, form.note, form.version)
    except (InvalidInput, Conflict) as refusal:
        context.errors[getattr(refusal, "field", "")] = context.language.refusal(refusal)
        return await _page(context, form.model_dump(), editing=call, status=422)
    return context.go("/scheduled")


async def cancel(context: Context) -> web.StreamResponse:
    """Do not make it."""
    form, call = await context.form(VersionForm), await _mine(context, Action.EDIT)
    await context.services.daemon.scheduled.cancel(call.id, form.version)
    return context.go("/scheduled")


async def restore(context: Context) -> web.StreamResponse:
    """Make it after all."""
    form, call = await context.form(VersionForm), await _mine(context, Action.EDIT)
    await context.services.daemon.scheduled.restore(call.id, form.version)
    return context.go("/scheduled")


async def _mine(context: Context, action: Action) -> ScheduledCall:
    call = await context.services.daemon.scheduled.get(context.request.match_info["id"])
    if context.viewer.scope("scheduled", action) is Scope.ALL:
        return call
    if call.agent_id != context.viewer.user.agent_id:
        raise NotAllowed("not-yours", "This scheduled call is somebody else's.")
    return call


async def _page(
    context: Context,
    typed: dict[str, Any],
    editing: ScheduledCall | None = None,
    status: int = 200,
) -> web.StreamResponse:
    daemon, mine, query = context.services.daemon, whose(context), context.query(SortedQuery)
    next_first, coming = await listed(context, Filter(False, mine), query.sort, "", MOST)
    order, past = await listed(context, Filter(True, mine), query.sort, query.cursor, PAGE)
    return context.render(
        "scheduled/page.html",
        status=status,
        wanted=query,
        link=lambda sort: f"/scheduled?{query.link(sort=sort, cursor='')}",
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        coming=coming.rows,
        next_first=next_first,
        past=past,
        order=order,
        typed={"number": "", "due": "", "note": "", "customer": ""} | typed,
        editing=editing,
        agent=agent_or_none(context),
        names=await names_of(context, (*coming.rows, *past.rows)),
        agents={one.id: one.name for one in daemon.agents.all()},
    )
