"""For whom: the same names of lists as a customer's page has in `?list=`, or ticked customers."""

from __future__ import annotations

from urllib.parse import parse_qsl

from console.customer_search.forms import asked, values_of, wanted_of
from console.customer_search.model import Wanted
from console.customers.walk import QUICK
from console.web.context import Context


async def ids_of(context: Context, named: str, ticked: list[str]) -> list[str]:
    """`s:` a search, `q:` a quick search, `kept`. Raises InvalidInput: a wrong condition."""
    if ticked:
        return ticked
    if named == "kept" or named.startswith("kept:"):
        return await context.services.search.kept_ids(context.viewer.user.id)
    if named.startswith("q:"):
        text = named.split(":", 2)[2] if named.count(":") > 1 else named[2:]  # sorted or not
        return [one.id for one in await context.services.customers.quick(text, QUICK)]
    wanted = _wanted(context, named) if named.startswith("s:") else None
    return await context.services.search.ids(wanted) if wanted is not None else []


def _wanted(context: Context, named: str) -> Wanted | None:
    values = values_of(dict(parse_qsl(named[2:])))
    daemon = context.services.daemon
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    return wanted_of(values, context.services.fields.own(), today) if asked(values) else None
