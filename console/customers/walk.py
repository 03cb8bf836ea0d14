"""From one customer to the next in the list one came from (S3-18): `?list=` names it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from console.customer_search.forms import sort_of, values_of, wanted_of
from console.customer_search.service import Around
from console.customers.model import Customer
from console.web.context import Context
from pbxd.errors import InvalidInput

QUICK = 200


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the list goes on; addresses, "" where it ends."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    back: str = "/customers"
    total: int = 0


async def walk(context: Context, customer: Customer) -> Walk:
    """In the list that the address names, else in all customers by name."""
    named = context.request.query.get("list", "")
    user_id = context.viewer.user.id
    search = context.services.search
    if named.startswith("q:"):
        hits = await context.services.customers.quick(named[2:], QUICK)
        ids = [one.id for one in hits]
        back = f"/customers?{urlencode({'q': named[2:]})}"
        return _walk(_among(ids, customer.id), named, back, len(ids))
    if named.startswith("s:"):
        values = values_of(dict(parse_qsl(named[2:])))
        daemon = context.services.daemon
        today = daemon.clock().astimezone(daemon.settings.office.zone).date()
        try:
            wanted = wanted_of(values, context.services.fields.own(), today)
        except InvalidInput:
            return Walk()
        around = await search.around(wanted, sort_of(values), customer)
        return _walk(around, named, f"/customers/search?{named[2:]}", 0)
    if named == "kept":
        return _walk(await search.around_kept(user_id, customer), named, "/customers/kept", 0)
    total = await context.services.customers.count()
    return _walk(await search.around(None, "name", customer), "", "/customers", total)


def _among(ids: list[str], id: str) -> Around:
    if id not in ids:
        return Around()
    place = ids.index(id)
    return Around(
        ids[0] if place else "",
        ids[place - 1] if place else "",
        ids[place + 1] if place + 1 < len(ids) else "",
        ids[-1] if place + 1 < len(ids) else "",
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
    )
