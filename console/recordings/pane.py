"""Tab of a customer's page: recorded calls that this viewer may hear."""

from __future__ import annotations

from pydantic import BaseModel

from console.customers.model import Customer
from console.customers.tabs import Tab
from console.recordings.rights import agents_of
from console.recordings.views import rows
from console.web.context import Context
from console.web.i18n import msgid
from pbxd.recordings import queries
from pbxd.recordings.queries import Filter

SHOWN = 20


class PageQuery(BaseModel):
    """Which page."""

    cursor: str = ""


async def pane(context: Context, customer: Customer) -> str:
    """A page of them, newest first."""
    wanted = Filter(customer_ids=(customer.id,), agent_ids=agents_of(context))
    cursor = context.query(PageQuery).cursor
    async with context.services.daemon.store.reading() as conn:
        page = await queries.listed(conn, wanted, cursor, SHOWN)
    return context.html(
        "recordings/pane.html",
        customer=customer,
        rows=await rows(context, page.rows),
        page=page,
    )


tab = Tab("recordings", msgid("Recordings"), 35, "recordings", pane)
