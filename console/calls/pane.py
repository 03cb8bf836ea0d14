"""Tab of a customer's page: the calls."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from console.calls.rows import call_rows
from console.customers.model import Customer
from console.customers.tabs import Moment, Tab
from console.web.context import Context
from console.web.days import OptionalDay, end_of, start_of
from console.web.i18n import msgid
from pbxd.calls import queries
from pbxd.calls.queries import CallFilter

SHOWN = 20


class PeriodQuery(BaseModel):
    """A customer's calls of some days (S2-16); all without them. Days are the office's."""

    since: OptionalDay = None
    until: OptionalDay = None
    cursor: str = ""

    def filter(self, customer_id: str, zone: ZoneInfo) -> CallFilter:
        """As the history takes it."""
        first, last = self.since, self.until
        return CallFilter(
            customer_id=customer_id,
            since=start_of(first, zone) if first else None,
            until=end_of(last, zone) if last else None,
        )

    @property
    def address(self) -> str:
        """The period for the address of another page."""
        values = {"since": self.since, "until": self.until}
        return "".join(f"{key}={value}&" for key, value in values.items() if value)


async def pane(context: Context, customer: Customer) -> str:
    """A page of them, newest first."""
    query, daemon = context.query(PeriodQuery), context.services.daemon
    wanted = query.filter(customer.id, daemon.settings.office.zone)
    async with daemon.store.reading() as conn:
        page = await queries.log(conn, wanted, query.cursor, SHOWN)
    return context.html(
        "calls/pane.html",
        customer=customer,
        calls=await call_rows(context, page.rows),
        page=page,
        wanted=query,
    )


async def moments(
    context: Context, customer: Customer, before: datetime | None, size: int
) -> list[Moment]:
    """Each call when it began, with its memo and its recording."""
    wanted = CallFilter(customer_id=customer.id, until=before)
    async with context.services.daemon.store.reading() as conn:
        page = await queries.log(conn, wanted, size=size)
    rows = await call_rows(context, page.rows)
    return [
        Moment(row.record.started_at, row.record.direction.value, "calls/moment.html", row)
        for row in rows
    ]


# who may see calls at all sees those of a customer, whoever took them (S2-33)
tab = Tab("calls", msgid("Calls"), 30, "calls", pane, moments=moments)
