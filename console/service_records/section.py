"""The part of a customer's page: the newest records, their total, a form for a new one (S3-33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.customers.model import Customer, Phone
from console.customers.tabs import Count, Moment, Tab
from console.service_records import queries
from console.service_records.forms import RecordForm, SectionQuery, new_form, typed_of
from console.service_records.model import LABELS, Phrase, Record, Status, Total
from console.service_records.queries import Filter
from console.service_records.service import MENU
from console.users.queries import User
from console.web.context import Context
from console.web.days import start_of
from console.web.i18n import msgid
from console.web.permissions import Action

SHOWN, MOST = 20, 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """One record with names."""

    record: Record
    served_by: str
    may_edit: bool
    may_delete: bool
    customer: str = ""
    phones: tuple[Phone, ...] = ()  # his

    @property
    def label(self) -> str:
        """How far it is: a msgid."""
        return LABELS[self.record.entry.status]


@dataclass(frozen=True, slots=True)
class Editing:
    """A record that is being changed; `theirs`: what somebody else has saved meanwhile."""

    record: Record
    typed: RecordForm
    theirs: Shown | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """What the page shows."""

    customer_id: str
    rows: tuple[Shown, ...]
    total: Total
    all: bool
    typed: RecordForm
    users: tuple[User, ...]
    phrases: tuple[Phrase, ...]
    amounts: tuple[int, ...]
    labels: dict[Status, str]
    editing: Editing | None = None
    deleted: str = ""  # one that can be taken back

    @property
    def more(self) -> int:
        """So many are not shown."""
        return self.total.count - len(self.rows)


async def pane(context: Context, customer: Customer) -> str:
    """Tab of the customer's page."""
    everything = context.query(SectionQuery).services == "all"
    services = await section_of(context, customer.id, everything=everything)
    return context.html("service_records/section.html", services=services)


async def count(context: Context, customer: Customer) -> Count:
    """All of a customer's."""
    async with context.services.daemon.store.reading() as conn:
        return Count((await queries.total(conn, Filter(customer_id=customer.id))).count)


async def moments(
    context: Context, customer: Customer, before: datetime | None, size: int
) -> list[Moment]:
    """Each record at the beginning of its day."""
    daemon = context.services.daemon
    zone = daemon.settings.office.zone
    last = (before - timedelta(milliseconds=1)).astimezone(zone).date() if before else None
    async with daemon.store.reading() as conn:
        page = await queries.listed(conn, Filter(customer_id=customer.id, last=last), size=size)
    return [
        Moment(
            start_of(row.record.entry.day, zone),
            "board",
            "service_records/moment.html",
            row,
            row.record.entry.day,
        )
        for row in shown(context, page.rows)
    ]


async def section_of(
    context: Context,
    customer_id: str,
    *,
    everything: bool = False,
    typed: RecordForm | None = None,
    editing: Editing | None = None,
    deleted: str = "",
) -> Section:
    """`typed`: a new one that could not be kept; `editing`: one that is open."""
    daemon, service = context.services.daemon, context.services.service_records
    wanted = Filter(customer_id=customer_id)
    async with daemon.store.reading() as conn:
        page = await queries.listed(conn, wanted, size=MOST if everything else SHOWN)
        total = await queries.total(conn, wanted)
        amounts = await queries.usual_amounts(conn)
    records = list(page.rows)
    if editing is not None and editing.record.id not in {one.id for one in records}:
        records.insert(0, editing.record)
    me = context.viewer.user.id
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    return Section(
        customer_id,
        shown(context, records),
        total,
        everything,
        typed or new_form(today, me),
        context.services.users.all(),
        await service.phrases(),
        tuple(amounts),
        LABELS,
        editing,
        deleted,
    )


def opened(record: Record, typed: RecordForm | None = None) -> Editing:
    """To be changed."""
    return Editing(record, typed or typed_of(record))


def shown(
    context: Context, records: Iterable[Record], customers: dict[str, Customer] | None = None
) -> tuple[Shown, ...]:
    """With names, and what this viewer may do; `customers` where they are wanted."""
    service, viewer = context.services.service_records, context.viewer

    def one(record: Record) -> Shown:
        customer = (customers or {}).get(record.customer_id)
        return Shown(
            record,
            service.name(record.entry),
            service.may(viewer, Action.EDIT, record),
            service.may(viewer, Action.DELETE, record),
            customer.name if customer is not None else "",
            customer.details.phones if customer is not None else (),
        )

    return tuple(one(record) for record in records)


tab = Tab("services", msgid("Service records"), 60, MENU, pane, count, moments)
