"""The page of things to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aiohttp import web

from console.audit.notes import noted
from console.callbacks.columns import LIST, MISSED, offered
from console.callbacks.forms import (
    AssignForm,
    CustomerForm,
    IdsForm,
    ListQuery,
    PolicyForm,
    PromiseForm,
    Tab,
    due_at,
)
from console.callbacks.rows import callbacks_of, cases_of, known, missed_of
from console.customers.page import again
from console.desk.who import agent_or_none
from console.lists.model import in_words
from console.web.context import Context
from pbxd.callbacks.model import Callback, Source
from pbxd.errors import Conflict, InvalidInput


async def page(context: Context) -> web.StreamResponse:
    """One of the lists."""
    query = context.query(ListQuery)
    plan = context.services.daemon.plan
    number = plan.display(query.number) if query.number.startswith("+") else query.number
    return await _page(context, query, {"number": number})


async def promise(context: Context) -> web.StreamResponse:
    """Write down that somebody is to be called back; what is wrong stays typed."""
    form = await context.form(PromiseForm)
    daemon, me = context.services.daemon, agent_or_none(context)
    try:
        due = due_at(form.due, daemon.settings.office.zone)
        owner = form.agent or (me.id if me is not None and due is not None else "")
        item = await daemon.callbacks.promise(form.number, owner, due, form.note)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, ListQuery(tab=Tab.RECALLS), form.model_dump(), status=422)
    await noted(context, "callback.promise", item.id, None, [item.number, form.due])
    return context.go("/callbacks?tab=recalls")


async def assign(context: Context) -> web.StreamResponse:
    """Whose it is, until when."""
    form, id = await context.form(AssignForm), context.request.match_info["id"]
    daemon = context.services.daemon
    item = await daemon.callbacks.get(id)
    tab = Tab.RECALLS if item.source is Source.PROMISE else Tab.CALLBACKS
    try:
        due = due_at(form.due, daemon.settings.office.zone)
        await daemon.callbacks.assign(id, form.version, form.agent, due, form.note)
    except (InvalidInput, Conflict) as refusal:
        context.errors[f"assign-{id}"] = context.language.refusal(refusal)
        return await _page(context, ListQuery(tab=tab), typed_row={id: form}, status=422)
    await noted(context, "callback.assign", id, [item.agent_id], [form.agent, form.due])
    return context.go(f"/callbacks?tab={tab.value}")


async def complete(context: Context) -> web.StreamResponse:
    """The ticked ones are done; the page offers to take it back."""
    form = await context.form(IdsForm)
    gone = await context.services.daemon.callbacks.complete(form.id, context.viewer.user.id)
    await noted(context, "callback.complete", "", [item.id for item in gone])
    if not gone:
        context.errors[""] = context.language.text("Tick what is done.")
    status = 200 if gone else 422
    return await _page(context, ListQuery(tab=form.tab), completed=gone, status=status)


async def complete_all(context: Context) -> web.StreamResponse:
    """All of a customer's are done (S4-70)."""
    form = await context.form(CustomerForm)
    customer = await context.services.customers.get(form.customer)
    numbers = {phone.number for phone in customer.details.phones}
    gone = await context.services.daemon.callbacks.complete_all(numbers, context.viewer.user.id)
    await noted(context, "callback.complete", customer.id, [item.id for item in gone])
    return await again(context, customer.id)


async def reopen(context: Context) -> web.StreamResponse:
    """Not done after all."""
    form = await context.form(IdsForm)
    await context.services.daemon.callbacks.reopen(form.id)
    await noted(context, "callback.reopen", "", form.id)
    return context.go(f"/callbacks?tab={form.tab.value}")


async def save_policy(context: Context) -> web.StreamResponse:
    """What becomes a callback by itself, and what ends one."""
    form = await context.form(PolicyForm)
    callbacks = context.services.daemon.callbacks
    before = callbacks.policy
    await callbacks.set_policy(form.policy())
    await noted(context, "callback.policy", "", asdict(before), form.model_dump())
    return context.go("/callbacks")


async def _page(
    context: Context,
    query: ListQuery,
    typed: dict[str, Any] | None = None,
    *,
    typed_row: dict[str, AssignForm] | None = None,
    completed: Sequence[Callback] = (),
    status: int = 200,
) -> web.StreamResponse:
    daemon, me = context.services.daemon, agent_or_none(context)
    done = query.tab is Tab.DONE
    order, listed = await callbacks_of(context, query, query.cursor)
    missed_order, missed = await missed_of(context, query, query.cursor)
    names = {one.number: await known(context, one.number) for one in missed.rows}
    # of two tables the pages are the callbacks'
    case_cursor = query.cursor if query.tab is Tab.UNFINISHED else ""
    case_order, cases = await cases_of(context, query, case_cursor)
    blank: dict[str, Any] = {"number": "", "due": "", "note": "", "agent": ""}
    return context.render(
        "callbacks/page.html",
        status=status,
        wanted=query,
        rows=listed.rows,
        page=listed,
        order=order,
        link=lambda sort: f"/callbacks?{query.link(sort=sort, cursor='')}",
        columns=await context.services.lists.columns(context, LIST, offered(done=done)),
        cases=cases,
        case_order=case_order,
        missed=missed,
        missed_order=missed_order,
        missed_columns=in_words(MISSED, context.language),
        names=names,
        typed=blank | (typed or {}),
        typed_row=typed_row or {},
        completed=completed,
        agents=[agent for agent in daemon.agents.all() if not agent.closed],
        agent=me,
        policy=daemon.callbacks.policy,
        lines=daemon.settings.office.lines,
    )
