"""The list of recordings as a file."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from console.lists.export import Sheet, Values, exported, paged, stamp
from console.recordings.columns import COLUMNS, LIST
from console.recordings.forms import ListQuery
from console.recordings.statement import ORDERS
from console.recordings.views import Row, rows, wanted_by
from console.web.context import Context
from console.web.i18n import msgid
from console.web.permissions import Action
from pbxd.recordings import queries
from pbxd.recordings.model import Kind
from pbxd.store.paging import Page


async def export(context: Context) -> web.StreamResponse:
    """The list of all that fit, as Excel; the sound itself is taken one by one (S4-33)."""
    query = context.query(ListQuery)
    wanted = await wanted_by(context, query, Action.EXPORT)

    async with context.services.daemon.store.reading() as conn:
        order = await ORDERS.asked(query.sort, partial(queries.few, conn, wanted))

    async def fetch(cursor: str) -> Page[Row]:
        async with context.services.daemon.store.reading() as conn:
            page = await queries.listed(conn, wanted, cursor, order.step, order.by)
        return Page(tuple(await rows(context, page.rows)), page.next)

    sheet = Sheet(LIST, msgid("Recordings"), COLUMNS, _values(context))
    return await exported(context, sheet, paged(fetch), query.address(cursor=""))


def _values(context: Context) -> Values[Row]:
    text, display = context.language.text, context.services.daemon.plan.display
    return {
        "time": lambda row: stamp(context, row.recording.started_at),
        "customer": lambda row: row.name,
        "number": lambda row: display(row.recording.number),
        "agent": lambda row: (
            text("Spoken message") if row.recording.kind is Kind.MESSAGE else row.agent
        ),
        "length": {text("Length (seconds)"): lambda row: int(row.recording.seconds)},
        "extension": lambda row: row.recording.extension,
    }
