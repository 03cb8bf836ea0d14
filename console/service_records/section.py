"""The part of a customer's page: the newest records, their total, a form for a new one (S3-33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.service_records import queries
from console.service_records.forms import RecordForm, SectionQuery, new_form, typed_of
from console.service_records.model import LABELS, Phrase, Record, Status, Total
from console.service_records.queries import Filter
from console.service_records.service import MENU
from console.users.queries import User
from console.web.context import Context
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


async def section(context: Context, customer_id: str) -> Section | None:
    """For the customer's page; None: this viewer has not the menu."""
    if not context.viewer.may(MENU):
        return None
    everything = context.query(SectionQuery).services == "all"
    return await section_of(context, customer_id, everything=everything)


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
    context: Context, records: Iterable[Record], names: dict[str, str] | None = None
) -> tuple[Shown, ...]:
    """With names, and what this viewer may do; `names` of customers where they are wanted."""
    service, viewer = context.services.service_records, context.viewer
    return tuple(
        Shown(
            record,
            service.name(record.entry),
            service.may(viewer, Action.EDIT, record),
            service.may(viewer, Action.DELETE, record),
            (names or {}).get(record.customer_id, ""),
        )
        for record in records
    )
