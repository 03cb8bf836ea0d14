"""Whose name fits: customers, strangers whom the network names, agents (S1-59 … S1-62)."""

from __future__ import annotations

from functools import partial

from console.calls.forms import LogQuery
from console.customers import statement
from console.web.context import Context
from pbxd.calls.statement import Match, Named

MOST = 2_000  # customers who are asked for one by one


async def named(context: Context, query: LogQuery) -> Named | None:
    """None: no name is asked for."""
    text = " ".join(query.who.split())
    if not text:
        return None
    match, services = query.who_match, context.services
    if match is Match.CONTAINS and all("ㄱ" <= char <= "ㅎ" for char in text):
        hits = await services.customers.find(text, MOST)  # by initial consonants
        ids = [one.id for one in hits]
        customer = partial(statement.among, ids=ids)
    else:
        ids = await services.search.named(text, match, MOST + 1)
        customer = partial(statement.named, text=text, match=match)
    agents = [one for one in services.daemon.agents.all() if match.fits(one.name, text)]
    return Named(
        text,
        match,
        query.side,
        customer,
        tuple(ids) if len(ids) <= MOST else None,
        tuple(one.id for one in agents),
        tuple(one.extension for one in agents),
    )
