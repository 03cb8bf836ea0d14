"""The whole log: who saw, changed, merged, deleted customers' data and who took them along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit import queries
from console.audit.queries import Note, Wanted
from console.belongings.queries import owners
from console.customer_history.views import Change, change_of
from console.customer_history.words import KINDS, LOG, count_of
from console.web.context import Context
from console.web.days import OptionalDay, end_of, start_of

PATH = "/settings/history"


class LogQuery(BaseModel):
    """Which lines; days are the office's."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    since: OptionalDay = None
    until: OptionalDay = None
    by: Annotated[str, Field(max_length=26)] = ""
    kind: Annotated[str, Field(max_length=10)] = ""
    cursor: Annotated[str, Field(max_length=400)] = ""

    def link(self, cursor: str) -> str:
        """The same lines, another page."""
        values = self.model_dump(mode="json", exclude_defaults=True) | {"cursor": cursor}
        return urlencode({key: value for key, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: whose data ("" nobody's in particular), and how many."""

    change: Change
    customer_id: str
    name: str
    count: int | None


async def page(context: Context) -> web.StreamResponse:
    """Newest first."""
    query, daemon = context.query(LogQuery), context.services.daemon
    zone = daemon.settings.office.zone
    wanted = Wanted(
        KINDS[query.kind].what if query.kind in KINDS else LOG.keys(),
        query.by,
        start_of(query.since, zone) if query.since else None,
        end_of(query.until, zone) if query.until else None,
    )
    async with daemon.store.reading() as conn:
        found = await queries.listed(conn, wanted, query.cursor)
        whose = await owners(conn, [note.thing_id for note in found.rows])
    known = await context.services.customers.several(
        {whose.get(note.thing_id, note.thing_id) for note in found.rows}
    )

    def line(note: Note) -> Line:
        customer = known.get(whose.get(note.thing_id, note.thing_id))
        id, name = (customer.id, customer.name) if customer is not None else ("", "")
        return Line(change_of(context, note), id, name, count_of(note))

    return context.render(
        "customer_history/log.html",
        wanted=query,
        page=found,
        lines=[line(note) for note in found.rows],
        kinds=KINDS,
        users=context.services.users.all(),
    )
