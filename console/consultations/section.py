"""Consultations as the pages show them: with names, and what this viewer may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.consultations import queries
from console.consultations.forms import WriteForm
from console.consultations.model import Consultation, Part, Type
from console.consultations.queries import Filter
from console.customers.model import Customer, Phone
from console.web.context import Context
from console.web.permissions import Action
from pbxd.store.metadata import new_id

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ShownPart:
    """What somebody wrote."""

    part: Part
    by: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One case."""

    case: Consultation
    types: tuple[Type, ...]
    by: str
    parts: tuple[ShownPart, ...]
    may_delete: bool
    name: str = ""  # of the customer
    phones: tuple[Phone, ...] = ()
    late: bool = False  # its recall's time is over
    prospect: bool = False  # the customer is none yet (S0-37)


@dataclass(frozen=True, slots=True)
class Section:
    """The customer page's part: the form and the cases."""

    cases: tuple[Shown, ...]
    types: tuple[Type, ...]
    typed: WriteForm
    more: bool  # there are older ones than are shown


async def section(context: Context, customer_id: str, typed: WriteForm | None = None) -> Section:
    """Of one customer; unfinished ones first."""
    async with context.services.daemon.store.reading() as conn:
        page = await queries.listed(conn, Filter(customer_id=customer_id), size=SHOWN)
    cases = sorted(page.rows, key=lambda one: not one.open)  # stable: newest first within
    return Section(
        shown(context, cases, {}),
        context.services.consultations.types(),
        typed if typed is not None and typed.made else _anew(typed or WriteForm()),
        bool(page.next),
    )


def _anew(form: WriteForm) -> WriteForm:
    return form.model_copy(update={"made": new_id()})


def shown(
    context: Context, cases: Iterable[Consultation], customers: dict[str, Customer]
) -> tuple[Shown, ...]:
    """With names; `customers` those whose name and numbers are wanted."""
    service, users = context.services.consultations, context.services.users
    types = {one.id: one for one in service.types()}
    viewer, now = context.viewer, context.services.daemon.clock()

    def name(user_id: str) -> str:
        user = users.get(user_id)
        return user.name if user is not None else ""

    def one(case: Consultation) -> Shown:
        customer = customers.get(case.customer_id)
        return Shown(
            case,
            tuple(types[id] for id in case.types if id in types),
            name(case.by),
            tuple(
                ShownPart(part, name(part.by), service.may(viewer, Action.EDIT, part))
                for part in case.parts
            ),
            service.may(viewer, Action.DELETE, case),
            customer.name if customer is not None else "",
            customer.details.phones if customer is not None else (),
            case.recall_open and case.recall_at is not None and case.recall_at < now,
            customer is not None and customer.details.prospect,
        )

    return tuple(one(case) for case in cases)


async def with_customers(context: Context, cases: Iterable[Consultation]) -> tuple[Shown, ...]:
    """For lists over many customers."""
    cases = tuple(cases)
    found = await context.services.customers.several({one.customer_id for one in cases})
    return shown(context, cases, found)
