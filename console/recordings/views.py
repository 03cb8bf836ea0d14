"""The pages of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial

from aiohttp import web

from console.audit.notes import noted
from console.desk.answers import said
from console.desk.who import agent_of
from console.recordings.columns import COLUMNS, LIST
from console.recordings.forms import (
    DeleteForm,
    HoldForm,
    ListQuery,
    MarkerForm,
    PauseForm,
    PolicyForm,
)
from console.recordings.rights import agents_of, permitted
from console.recordings.statement import ORDERS
from console.web.context import Context
from console.web.permissions import Action
from pbxd.errors import InvalidInput, NotAllowed
from pbxd.recordings import queries
from pbxd.recordings.model import Recording
from pbxd.recordings.queries import Filter
from pbxd.recordings.service import GIGABYTE

MOST_CUSTOMERS = 200  # of a name that fits many


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as the list shows it."""

    recording: Recording
    name: str
    agent: str


async def page(context: Context) -> web.StreamResponse:
    """The list, newest first."""
    return await _page(context)


async def one(context: Context) -> web.StreamResponse:
    """One with its player."""
    recording = await permitted(context)
    return await _one(context, recording)


async def mark(context: Context) -> web.StreamResponse:
    """A comment at a second."""
    form, recording = await context.form(MarkerForm), await permitted(context)
    try:
        await context.services.daemon.recordings.mark(
            recording.id, form.at, form.text, context.viewer.user.id
        )
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _one(context, recording, form, 422)
    return context.go(f"/recordings/{recording.id}?t={form.at:.0f}")


async def unmark(context: Context) -> web.StreamResponse:
    """Take a comment away: one's own, or any for who may delete."""
    recording, marker_id = await permitted(context), context.request.match_info["marker"]
    daemon = context.services.daemon
    async with daemon.store.reading() as conn:
        found = {marker.id: marker for marker in await queries.markers(conn, recording.id)}
    marker = found.get(marker_id)
    mine = marker is not None and marker.by == context.viewer.user.id
    if marker is not None and not mine and not context.viewer.may("recordings", "delete"):
        raise NotAllowed("not-your-marker", "This comment is somebody else's.")
    await daemon.recordings.unmark(recording.id, marker_id)
    return context.go(f"/recordings/{recording.id}")


async def hold(context: Context) -> web.StreamResponse:
    """Keep it whatever its age, or not."""
    form, recording = await context.form(HoldForm), await permitted(context)
    await context.services.daemon.recordings.hold(recording.id, context.viewer.user.id, form.on)
    return context.go(f"/recordings/{recording.id}")


async def delete(context: Context) -> web.StreamResponse:
    """For ever; the page is the certificate."""
    form, recording = await context.form(DeleteForm), await permitted(context)
    daemon = context.services.daemon
    try:
        certificate = await daemon.recordings.delete(recording.id, context.viewer.user.id, form.why)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _one(context, recording, status=422)
    await noted(context, "recording.delete", recording.id, recording.sha256, form.why)
    return context.render(
        "recordings/deleted.html",
        row=(await rows(context, [recording]))[0],
        why=form.why,
        certificate=certificate,
        at=daemon.clock(),
    )


async def pause(context: Context) -> web.StreamResponse:
    """From the call bar: nothing is recorded from now on (card numbers), or again; keep it."""
    form, agent = await context.form(PauseForm), agent_of(context)
    recordings = context.services.daemon.recordings
    if form.keep:
        return said(context, await recordings.keep(agent, form.call))
    return said(context, await recordings.pause(agent, form.call, not form.on))


async def save_policy(context: Context) -> web.StreamResponse:
    """What is recorded, how long it is kept."""
    form = await context.form(PolicyForm)
    recordings = context.services.daemon.recordings
    before = recordings.policy
    new = form.policy()
    await recordings.set_policy(new)
    await noted(context, "recording.policy", "", asdict(before), asdict(new))
    return context.go("/recordings")


async def rows(context: Context, recordings: Sequence[Recording]) -> list[Row]:
    """With names."""
    daemon, customers = context.services.daemon, context.services.customers
    names = await customers.names(sorted({one.customer_id for one in recordings} - {""}))
    made = []
    for recording in recordings:
        agent = daemon.agents.by_id(recording.agent_id)
        name = names.get(recording.customer_id, "")
        made.append(Row(recording, name, agent.name if agent else recording.extension))
    return made


async def wanted_by(context: Context, query: ListQuery, action: Action = Action.VIEW) -> Filter:
    """What is asked for, of what this person's right reaches."""
    daemon = context.services.daemon
    since, until = query.period(daemon.clock(), daemon.settings.office.zone)
    digits = sum(char.isdigit() for char in query.who)
    number, customers = "", None
    if digits >= 4 and digits * 2 > len(query.who.strip()):
        number = daemon.plan.normalise(query.who)
    elif query.who.strip():
        found = await context.services.customers.find(query.who, MOST_CUSTOMERS)
        customers = tuple(one.id for one in found)
    return Filter(
        since,
        until,
        query.agent,
        number,
        customers,
        external_only=not query.internal,
        suspicious=query.suspicious,
        agent_ids=agents_of(context, action),
    )


async def _page(context: Context) -> web.StreamResponse:
    query = context.query(ListQuery)
    daemon = context.services.daemon
    wanted = await wanted_by(context, query)
    async with daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))
        found_page = await queries.listed(conn, wanted, query.cursor, by=order.by)
    recordings = daemon.recordings
    low = recordings.free_bytes() < recordings.policy.free_gb * GIGABYTE
    return context.render(
        "recordings/page.html",
        wanted=query,
        page=found_page,
        order=order,
        link=lambda sort: f"/recordings?{query.address(sort=sort, cursor='')}",
        rows=await rows(context, found_page.rows),
        agents=daemon.agents.all(),
        sees_all=agents_of(context) is None,
        policy=recordings.policy,
        possible=recordings.possible,
        no_space=recordings.no_space,
        low=low,
        suspicious=recordings.suspicious,
        unreadable=recordings.unreadable,
        queues=daemon.queues.all(),
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        own={(one.of.value, one.id): one.mode.value for one in recordings.policy.specials},
    )


async def _one(
    context: Context, recording: Recording, typed: MarkerForm | None = None, status: int = 200
) -> web.StreamResponse:
    daemon = context.services.daemon
    async with daemon.store.reading() as conn:
        markers = await queries.markers(conn, recording.id)
        uses = await queries.uses(conn, recording.id)
        others = (await queries.of_calls(conn, [recording.call_id])).get(recording.call_id, [])
    start = context.request.query.get("t", "")
    return context.render(
        "recordings/one.html",
        status=status,
        row=(await rows(context, [recording]))[0],
        markers=markers,
        uses=uses,
        others=[one for one in others if one.id != recording.id] if recording.call_id else [],
        start=start if start.isdecimal() and len(start) < 7 else "0",
        typed=typed or MarkerForm(),
        users={user.id: user.name for user in context.services.users.all()},
    )
