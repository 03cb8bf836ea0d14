"""The history of consultations (상담 내역 관리, S4-39 … S4-44)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from aiohttp import web

from console.audit.notes import noted
from console.consultations import queries
from console.consultations.columns import LIST, offered
from console.consultations.forms import LogQuery
from console.consultations.model import LEVELS
from console.consultations.queries import Filter
from console.consultations.section import Shown, with_customers
from console.users.reach import people
from console.web.context import Context
from console.web.excel import Table
from console.web.permissions import Action

_STEP = 500


async def page(context: Context) -> web.StreamResponse:
    """The list, newest first."""
    query, whose = context.query(LogQuery), people(context, "consultation-log")
    async with context.services.daemon.store.reading() as conn:
        found = await queries.listed(conn, _wanted(context, query), query.cursor)
    return context.render(
        "consultations/page.html",
        wanted=query,
        page=found,
        rows=await with_customers(context, found.rows),
        types=context.services.consultations.types(),
        users=context.services.users.all() if whose is None else whose,
        chips=_chips(context, query),
        columns=await context.services.lists.columns(context, LIST, offered(context.language)),
        saved=await context.services.lists.saved(context.viewer.user.id, LIST),
    )


async def summary(context: Context) -> web.StreamResponse:
    """How many there are in the period, by state and first type (S0-46): read after the list."""
    query = context.query(LogQuery)
    async with context.services.daemon.store.reading() as conn:
        found = await queries.by_type(conn, _wanted(context, query))
    types = {one.id: one for one in context.services.consultations.types()}
    return context.fragment(
        "consultations/summary.html",
        total=sum(count for _, count, _ in found),
        unfinished=sum(left for _, _, left in found),
        by_type=[(types[id], count) for id, count, _ in found if id in types],
    )


async def export(context: Context) -> web.StreamResponse:
    """All that fits, as Excel."""
    query = context.query(LogQuery)
    text, daemon = context.language.text, context.services.daemon
    zone = daemon.settings.office.zone
    heads = [text(head) for head in ("Time", "Customer", "Number")]
    heads += [text("Type %(level)d") % {"level": level} for level in LEVELS]
    heads += [text(head) for head in ("Content", "Remarks", "Agent", "State", "Call again at")]
    table = Table("consultations", heads)
    count = 0
    async for row in _all(context, _wanted(context, query, Action.EXPORT)):
        count += 1
        case = row.case
        names = {one.id: one.name for one in row.types}
        recall = case.recall_at.astimezone(zone) if case.recall_at else None
        cells = (
            f"{case.at.astimezone(zone):%Y-%m-%d %H:%M}",
            row.name,
            daemon.plan.display(row.phones[0].number) if row.phones else "",
            *(names.get(id, "") for id in case.types),
            "\n".join(shown.part.text for shown in row.parts),
            case.remarks,
            row.by,
            text("Unfinished") if case.open else text("Done"),
            f"{recall:%Y-%m-%d %H:%M}" if recall else "",
        )
        table.add(cells)
    await noted(context, "consultation.export", "", None, [query.link(), count])
    return table.response()


async def _all(context: Context, wanted: Filter) -> AsyncIterator[Shown]:
    cursor = ""
    while True:
        async with context.services.daemon.store.reading() as conn:
            found = await queries.listed(conn, wanted, cursor, _STEP)
        for row in await with_customers(context, found.rows):
            yield row
        cursor = found.next
        if not cursor:
            return


def _wanted(context: Context, query: LogQuery, action: Action = Action.VIEW) -> Filter:
    daemon = context.services.daemon
    wanted = query.filter(daemon.clock(), daemon.settings.office.zone)
    whose = people(context, "consultation-log", action)
    return wanted if whose is None else replace(wanted, people=tuple(one.id for one in whose))


def _chips(context: Context, query: LogQuery) -> list[tuple[str, str]]:
    """What is asked for besides the days, and the list without it."""
    names = {one.id: one.name for one in context.services.consultations.types()}
    user, text = context.services.users.get(query.by), context.language.text
    asked = {
        "type1": names.get(query.type1, ""),
        "type2": names.get(query.type2, ""),
        "type3": names.get(query.type3, ""),
        "by": user.name if user is not None else "",
        "address": f"{text('Address or apartment')}: {query.address}",
        "q": f"{text('Words in it')}: {query.q}",
        "open": text("only unfinished"),
    }
    return [
        (said, f"/consultations?{query.link(**{key: '', 'cursor': ''})}")
        for key, said in asked.items()
        if getattr(query, key) and said
    ]
