"""A search's result, or the kept list, whole on paper (S3-61, S3-80)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from console.audit.notes import noted
from console.customer_search.chips import chips_of
from console.customer_search.forms import address_of, sort_of, values_of
from console.customer_search.views import KEPT, PATH, wanted_in
from console.customers.table import customer_table
from console.web.context import Context
from pbxd.errors import InvalidInput

MOST = 3000  # some 100 sheets


async def found(context: Context) -> web.StreamResponse:
    """What was found."""
    values = values_of(context.request.query)
    back = f"{PATH}?{address_of(values)}"
    try:
        ids = await context.services.search.ids(wanted_in(context, values))
    except InvalidInput:
        return context.go(back)
    return await _paper(context, ids, values, back, "search")


async def kept(context: Context) -> web.StreamResponse:
    """What I keep."""
    values = values_of(context.request.query)
    ids = await context.services.search.kept_ids(context.viewer.user.id)
    sort = {"sort": values["sort"]} if "sort" in values else {}
    return await _paper(context, ids, sort, f"{KEPT}?{address_of(sort)}", "kept")


async def _paper(
    context: Context, ids: Sequence[str], values: dict[str, str], back: str, what: str
) -> web.StreamResponse:
    sort = values.get("sort", "name")
    rows = await context.services.search.sorted(ids[:MOST], sort)
    said = {"what": f"{what}, paper", "count": len(rows)}
    await noted(context, "customer.export", "", None, said)
    return context.render(
        "customer_search/paper.html",
        rows=rows,
        total=len(ids),
        table=await customer_table(context),
        sort=sort_of(values),
        chips=chips_of(context, values) if what == "search" else [],
        back=back,
        printed=context.services.daemon.clock(),
    )
