"""The refused numbers that somebody asks for, in the order he asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.blacklist.forms import ListQuery
from console.lists.memory import Orders, finding, in_order
from console.web.context import Context
from pbxd.blacklist import queries, rules
from pbxd.blacklist.model import BlockKind, Entry
from pbxd.blacklist.queries import Hits

OWN = "-added"
COUNTED = 1_000  # entries: of more nobody waits until all their calls are counted
CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as the list shows it."""

    entry: Entry
    shown: str  # as people write the number
    hits: Hits
    expired: bool
    added_by: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """What fits, by what it is sorted; `refused`: it is too much to be sorted as asked for."""

    sort: str
    entries: Sequence[Entry]
    refused: bool = False


async def fitting(context: Context, query: ListQuery) -> Fitting:
    """What is asked for."""
    fits = finding(query.q)
    found = [
        one
        for one in context.services.daemon.blacklist.all()
        if query.kind in (None, one.kind)
        and fits(one.number, f"{shown(context, one)} {one.name} {one.reason}")
    ]
    by, wanted = _orders(context), query.sort
    if counted := wanted.removeprefix("-") == CALLS and len(found) <= COUNTED:
        hits = {row.entry.id: row.hits.count for row in await rows_of(context, found)}
        by = {**by, CALLS: lambda entry: hits[entry.id]}
    sort, entries = in_order(found, wanted, by, OWN)
    return Fitting(sort, entries, wanted.removeprefix("-") == CALLS and not counted)


def shown(context: Context, entry: Entry) -> str:
    """The number as people write it."""
    if entry.is_prefix:
        return rules.shown_prefix(entry.number)
    return context.services.daemon.plan.display(entry.number)


async def rows_of(context: Context, entries: Sequence[Entry]) -> list[Row]:
    """With the calls that were refused."""
    daemon = context.services.daemon
    now, names = daemon.clock(), _names(context)
    rows = []
    async with daemon.store.reading() as conn:
        for entry in entries:
            if entry.is_prefix:
                beginnings = rules.e164_beginnings(entry.number, daemon.plan.prefix)
                hits = await queries.hits_beginning(conn, beginnings)
            else:
                hits = await queries.hits(conn, entry.number)
            by = names.get(entry.added_by, "")
            rows.append(Row(entry, shown(context, entry), hits, not entry.holds(now), by))
    return rows


def _orders(context: Context) -> Orders[Entry]:
    names, kinds = _names(context), list(BlockKind)
    itself = context.language.text("by itself")
    return {
        "number": lambda entry: entry.number,
        "name": lambda entry: entry.name,
        "kind": lambda entry: kinds.index(entry.kind),
        "reason": lambda entry: entry.reason,
        "until": lambda entry: entry.expires_at,
        "added": lambda entry: entry.added_at,
        "by": lambda entry: names.get(entry.added_by) or itself,
    }


def _names(context: Context) -> dict[str, str]:
    return {user.id: user.name for user in context.services.users.all()}
