"""A customer on paper: basic data and all services (S3-38)."""

from __future__ import annotations

from aiohttp import web

from console.customer_images.section import section as images
from console.customers.shown import groups_of, phone_kinds
from console.fields.model import SECTIONS
from console.service_records import queries
from console.service_records.model import LABELS
from console.service_records.queries import Filter
from console.service_records.section import MOST, shown
from console.service_records.service import MENU
from console.web.context import Context


async def customer(context: Context) -> web.StreamResponse:
    """To be looked at and printed; services for those who may see them."""
    one = await context.services.customers.get(context.request.match_info["id"])
    await context.services.customer_history.saw(context.viewer.user.id, one.id)
    daemon, wanted = context.services.daemon, Filter(customer_id=one.id)
    services = context.viewer.may(MENU)
    async with daemon.store.reading() as conn:
        found = await queries.listed(conn, wanted, size=MOST)
        total = await queries.total(conn, wanted)
    return context.render(
        "service_records/customer_paper.html",
        customer=one,
        album=await images(context, one),
        groups=groups_of(context, one.details),
        sections=[(it, rows) for it in SECTIONS if (rows := one.details.of(it.word))],
        kinds=dict(phone_kinds(context)),
        printed=daemon.clock(),
        services=services,
        rows=shown(context, found.rows) if services else (),
        total=total,
        labels=LABELS,
    )
