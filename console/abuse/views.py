"""The abuse button, the incidents of a month, one incident as a file to print."""

from __future__ import annotations

from aiohttp import web

from console.abuse.columns import COLUMNS, LIST
from console.abuse.forms import BlockForm, MonthQuery
from console.abuse.listing import month_of
from console.abuse.months import bounds, month_before, next_month
from console.desk.answers import said
from console.desk.who import agent_of
from console.lists.memory import part
from console.web.context import Context
from pbxd.abuse import queries
from pbxd.errors import NotFound
from pbxd.recordings import queries as recording_queries


async def block(context: Context) -> web.Response:
    """Warn the customer, or play the last word and end the call (S4-57)."""
    form, agent = await context.form(BlockForm), agent_of(context)
    daemon = context.services.daemon
    result = await daemon.desk.run(
        agent.id,
        "abuse",
        f"{form.call} {form.kind}",
        form.command_id,
        lambda one: daemon.abuse.block(one, form.call, form.kind),
    )
    return said(context, result)


async def incidents(context: Context) -> web.StreamResponse:
    """The incidents of a month, and its counts by agent and by number."""
    daemon = context.services.daemon
    zone = daemon.settings.office.zone
    today = daemon.clock().astimezone(zone).date()
    query = context.query(MonthQuery)
    first = query.first_day(today)
    since, until = bounds(first, zone)
    month = await month_of(context, first, query.sort)
    page = part(month.rows, query.cursor)
    async with daemon.store.reading() as conn:
        by_agent = await queries.counts(conn, since, until, by_agent=True)
        by_number = await queries.counts(conn, since, until, by_agent=False)
    return context.render(
        "abuse/incidents.html",
        rows=page.rows,
        page=page,
        sort=month.sort,
        wanted=query,
        link=lambda sort: f"/abuse?{query.link(sort=sort, cursor='')}",
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        names=month.names,
        by_agent=by_agent,
        by_number=by_number,
        first=first,
        before=month_before(first),
        after=next_month(first),
        is_now=first == today.replace(day=1),
        agents={agent.id: agent.name for agent in daemon.agents.all()},
        kinds={kind.word: kind for kind in daemon.abuse.all_kinds},
    )


async def incident(context: Context) -> web.StreamResponse:
    """One incident, to be printed for the police or the labour inspector."""
    daemon = context.services.daemon
    async with daemon.store.reading() as conn:
        found = await queries.one(conn, context.request.match_info["id"])
        if found is None:
            raise NotFound("no-incident", "There is no such incident.")
        recorded = await recording_queries.of_calls(conn, [found.call_id])
    names = await context.services.customers.names([found.customer_id]) if found.customer_id else {}
    agent = daemon.agents.by_id(found.agent_id)
    return context.render(
        "abuse/incident.html",
        row=found,
        recordings=recorded.get(found.call_id, ()),
        customer=names.get(found.customer_id, ""),
        agent=agent.name if agent is not None else found.extension,
        kind=next((one for one in daemon.abuse.all_kinds if one.word == found.kind), None),
        printed_at=daemon.clock(),
    )
