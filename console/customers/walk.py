"""From one customer to the next in the list one came from (S3-18): `?list=` names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from console.customer_search.forms import NEWEST, sort_of, values_of, wanted_of
from console.customer_search.service import Around
from console.customers.model import Customer
from console.web.context import Context
from pbxd.errors import InvalidInput

QUICK = 200


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the list goes on: addresses, "" where it ends; which one this is, 0 it is not known."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    back: str = "/customers"
    total: int = 0
    place: int = 0
    within: bool = True


def in_list(context: Context) -> str:
    """What keeps the list in the next address, "" when there is none."""
    named = context.request.query.get("list", "")
    return f"?{urlencode({'list': named})}" if named else ""


def named(q: str, sort: str) -> str:
    """How `?list=` names all customers, or the quick search's hits, in that order."""
    return f"q:{sort}:{q}" if q else f"a:{sort}"


async def walk(context: Context, customer: Customer) -> Walk:
    """In the list that the address names, else in all customers by name."""
    named = context.request.query.get("list", "")
    user_id = context.viewer.user.id
    search = context.services.search
    word, _, rest = named.partition(":")
    match word:
        case "q":
            return await _hits(context, customer, named)
        case "s":
            values = values_of(dict(parse_qsl(rest)))
            daemon = context.services.daemon
            today = daemon.clock().astimezone(daemon.settings.office.zone).date()
            try:
                wanted = wanted_of(values, context.services.fields.own(), today)
            except InvalidInput:
                return Walk()
            around = await search.around(wanted, sort_of(values), customer)
            return _walk(around, named, f"/customers/search?{rest}", 0)
        case "kept":
            sort = rest or NEWEST
            around = await search.around_kept(user_id, sort, customer)
            return _walk(around, named, f"/customers/kept?{urlencode({'sort': sort})}", 0)
    sort = rest if word == "a" and rest else "name"
    total = await context.services.customers.count()
    back = f"/customers?{urlencode({'sort': sort})}" if rest else "/customers"
    return _walk(await search.around(None, sort, customer), named, back, total)


async def _hits(context: Context, customer: Customer, named: str) -> Walk:
    _, sort, q = named.split(":", 2) if named.count(":") > 1 else ("q", "", named[2:])
    hits: Sequence[Customer] = await context.services.customers.quick(q, QUICK)
    if sort:
        hits = await context.services.search.sorted([one.id for one in hits], sort)
    ids = [one.id for one in hits]
    values = {"q": q, "sort": sort} if sort else {"q": q}
    back = f"/customers?{urlencode(values)}"
    return _walk(_among(ids, customer.id), named, back, len(ids))


def _among(ids: list[str], id: str) -> Around:
    if id not in ids:  # it was changed, and does not fit any more
        return Around(ids[0], last=ids[-1], within=False) if ids else Around(within=False)
    place = ids.index(id)
    return Around(
        ids[0] if place else "",
        ids[place - 1] if place else "",
        ids[place + 1] if place + 1 < len(ids) else "",
        ids[-1] if place + 1 < len(ids) else "",
        place + 1,
    )


def _walk(around: Around, named: str, back: str, total: int) -> Walk:
    query = f"?{urlencode({'list': named})}" if named else ""

    def address(id: str) -> str:
        return f"/customers/{id}{query}" if id else ""

    return Walk(
        address(around.first),
        address(around.previous),
        address(around.next),
        address(around.last),
        back,
        total,
        around.place,
        around.within,
    )
