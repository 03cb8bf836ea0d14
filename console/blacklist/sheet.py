"""Refused numbers as Excel, to be looked at; what is read in again is CSV (exchange.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from console.blacklist.columns import COLUMNS, LIST
from console.blacklist.forms import ListQuery
from console.blacklist.listing import Row, fitting, rows_of
from console.lists.export import Sheet, Values, at_once, exported, stamp
from console.web.context import Context
from console.web.i18n import msgid
from pbxd.blacklist.model import Entry


async def excel(context: Context) -> web.StreamResponse:
    """All that fits, in the columns of one's choice."""
    query = context.query(ListQuery)
    found = await fitting(context, query)
    sheet = Sheet(LIST, msgid("Refused numbers"), COLUMNS, _values(context))
    return await exported(context, sheet, _rows(context, found.entries), query.link(cursor=""))


async def _rows(context: Context, entries: Sequence[Entry]) -> AsyncIterator[Sequence[Row]]:
    async for some in at_once(entries):
        yield await rows_of(context, some)


def _values(context: Context) -> Values[Row]:
    text, kinds = context.language.text, context.words("blacklist/words.html", "block_kinds")
    return {
        "number": lambda row: row.shown,
        "name": lambda row: row.entry.name,
        "kind": lambda row: kinds[row.entry.kind.value],
        "reason": lambda row: row.entry.reason,
        "until": lambda row: stamp(context, row.entry.expires_at),
        "calls": lambda row: row.hits.count,
        "added": lambda row: stamp(context, row.entry.added_at),
        "by": lambda row: row.added_by or text("by itself"),
    }
