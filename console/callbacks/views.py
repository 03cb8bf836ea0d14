"""The page of things to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from console.audit.notes import noted
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
from console.callbacks.messages import Message, Messages, messages_of
from console.consultations import queries as consultations
from console.consultations.model import Consultation
from console.consultations.section import with_customers
from console.customers.page import again
from console.desk.who import agent_or_none
from console.web.context import Context
from pbxd.callbacks import queries
from pbxd.callbacks.model import Callback, Source
from pbxd.errors import Conflict, InvalidInput
from pbxd.ports import KnownCaller

MOST = 500  # consultations on one page
OLD, VERY_OLD = timedelta(hours=1), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Row:
    """One callback as the list shows it."""

    item: Callback
    customer_id: str
    name: str
    owner: str
    age: str  # fresh, old or late: its colour
    line: str
    messages: tuple[Message, ...]
    in_flight: str  # who calls him at this moment
    due: str  # as a form has it


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
    daemon = context.services.daemon
    now, zone = daemon.clock(), daemon.settings.office.zone
    since, until = query.period(now, zone)
    me = agent_or_none(context)
    owner = (me.id if me is not None else "nobody") if query.mine else None
    items: tuple[Callback, ...] = ()
    messages: Messages = {}
    cases: Sequence[Consultation] = ()
    missed: tuple[queries.Missed, ...] = ()
    async with daemon.store.reading() as conn:
        mine = context.viewer.user.id if query.mine else ""
        about = consultations.Filter(since, until, by=mine)
        if query.tab is Tab.MISSED:
            missed = await queries.missed(conn, since, until)
        elif query.tab is Tab.UNFINISHED:
            cases = (await consultations.listed(conn, replace(about, open=True), size=MOST)).rows
        else:
            if query.tab is Tab.RECALLS:
                cases = await consultations.recalls(conn, about, MOST)
            items = await queries.listed(
                conn,
                done=query.tab is Tab.DONE,
                since=since,
                until=until,
                agent_id=owner,
                source=Source.PROMISE if query.tab is Tab.RECALLS else None,
            )
            if query.tab is Tab.CALLBACKS:
                items = tuple(item for item in items if item.source is not Source.PROMISE)
            messages = await messages_of(conn, [item.id for item in items])
    rows = [await row(context, item, messages.get(item.id, ())) for item in items]
    names = {}
    for one in missed:
        names[one.number] = await _known(context, one.number)
    blank: dict[str, Any] = {"number": "", "due": "", "note": "", "agent": ""}
    return context.render(
        "callbacks/page.html",
        status=status,
        wanted=query,
        rows=rows,
        cases=await with_customers(context, cases),
        missed=missed,
        names=names,
        typed=blank | (typed or {}),
        typed_row=typed_row or {},
        completed=completed,
        agents=[agent for agent in daemon.agents.all() if not agent.closed],
        agent=me,
        policy=daemon.callbacks.policy,
        lines=daemon.settings.office.lines,
    )


async def row(context: Context, item: Callback, messages: tuple[Message, ...] = ()) -> Row:
    """One item with what the office knows about the caller."""
    daemon = context.services.daemon
    now, agents = daemon.clock(), daemon.agents
    known = await _known(context, item.number)
    owner, dials = agents.by_id(item.agent_id), agents.by_id(item.dialling_by)
    age = now - item.asked_at
    late = item.due_at is not None and item.due_at < now
    zone = daemon.settings.office.zone
    return Row(
        item,
        known.customer_id if known else "",
        known.name if known else "",
        owner.name if owner else "",
        "late" if late or age > VERY_OLD else "old" if age > OLD else "fresh",
        daemon.settings.office.lines.get(item.line, item.line),
        messages,
        dials.name if dials is not None and item.in_flight(now) else "",
        f"{item.due_at.astimezone(zone):%Y-%m-%dT%H:%M}" if item.due_at else "",
    )


async def _known(context: Context, number: str) -> KnownCaller | None:
    found = await context.services.customers.look_up(number) if number else ()
    return found[0] if found else None
