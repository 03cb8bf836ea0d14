"""Customers' screens: list and quick search, page, form."""

from __future__ import annotations

import dataclasses
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from console.callbacks.views import row as callback_row
from console.calls.rows import call_rows
from console.consultations.forms import WriteForm
from console.consultations.section import section
from console.customers.forms import CustomerForm, ListQuery, NewQuery, PeriodQuery
from console.customers.model import Customer, Details, Phone, PhoneKind
from console.customers.rules import merged
from console.customers.service import Stale
from console.web.context import Context
from pbxd.callbacks import queries as callbacks
from pbxd.calls import queries as calls
from pbxd.errors import InvalidInput
from pbxd.events import CallIdentified

FOUND = 100


class BoundCall(BaseModel):
    """The call from which the customer is made."""

    call: str = ""


async def listed(context: Context) -> web.StreamResponse:
    """All customers, or those that fit what was typed; a single hit opens at once."""
    query = context.query(ListQuery)
    service = context.services.customers
    if query.q.strip():
        found = await service.find(query.q, FOUND)
        if len(found) == 1 and context.partial:
            return context.go(f"/customers/{found[0].id}")
        return context.render(
            "customers/list.html", customers=found, q=query.q, page=None, total=len(found)
        )
    page = await service.page(query.cursor)
    total = await service.count()
    return context.render("customers/list.html", customers=page.rows, q="", page=page, total=total)


async def shown(context: Context) -> web.StreamResponse:
    """One customer with everything."""
    return await page_of(context, context.request.match_info["id"])


async def page_of(
    context: Context,
    id: str,
    typed: WriteForm | None = None,
    deleted: str = "",
    status: int = 200,
) -> web.StreamResponse:
    """The customer's page; `typed`: a consultation that could not be kept, `deleted`: one's id."""
    customer = await context.services.customers.get(id)
    query = context.query(PeriodQuery)
    zone = context.services.daemon.settings.office.zone
    async with context.services.daemon.store.reading() as conn:
        page = await calls.log(conn, query.filter(customer.id, zone), query.cursor, 20)
        numbers = {phone.number for phone in customer.details.phones}
        waiting = await callbacks.listed(conn, numbers=numbers)
        done = await callbacks.listed(conn, numbers=numbers, done=True, size=20)
    return context.render(
        "customers/page.html",
        status=status,
        consultations=await section(context, customer.id, typed),
        deleted=deleted,
        customer=customer,
        calls=await call_rows(context, page.rows),
        waiting=[await callback_row(context, item) for item in waiting],
        called_back=[await callback_row(context, item) for item in done],
        page=page,
        since=query.since,
        until=query.until,
        period=query.address,
        kinds=_kinds(context),
    )


async def new(context: Context) -> web.StreamResponse:
    """The empty form, with the caller's number in it when it comes from a call."""
    query = context.query(NewQuery)
    plan = context.services.daemon.plan
    phones = (Phone(plan.display(query.number)),) if query.number else ()
    details = Details(name=query.name, phones=phones)
    return _form(context, details, heading_call=query.call)


async def create(context: Context) -> web.StreamResponse:
    """Save a new customer; the call it was made from becomes that customer's."""
    form = await context.form(CustomerForm)
    bound = (await context.form(BoundCall)).call
    try:
        customer = await context.services.customers.create(form.details(), context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _form(context, form.details(), status=422, heading_call=bound)
    if bound:
        daemon = context.services.daemon
        daemon.bus.publish(CallIdentified(daemon.clock(), bound, customer.id))
    return context.go(f"/customers/{customer.id}")


async def edit(context: Context) -> web.StreamResponse:
    """The form of a customer."""
    customer = await context.services.customers.get(context.request.match_info["id"])
    return _form(context, _as_typed(context, customer.details), customer)


async def save(context: Context) -> web.StreamResponse:
    """Save an edit; when somebody else has saved meanwhile, show both and lose nothing."""
    id = context.request.match_info["id"]
    form = await context.form(CustomerForm)
    service = context.services.customers
    try:
        await service.change(id, form.details(), form.version, context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _form(context, form.details(), await service.get(id), 422, version=form.version)
    except Stale as stale:
        context.errors[""] = context.language.refusal(stale)
        return _form(
            context,
            _as_typed(context, stale.mine),
            stale.theirs,
            409,
            version=stale.theirs.version,
            theirs=stale.theirs,
        )
    return context.go(f"/customers/{id}")


async def delete(context: Context) -> web.StreamResponse:
    """Delete a customer; the answer offers to take it back."""
    id = context.request.match_info["id"]
    customer = await context.services.customers.get(id)
    await context.services.customers.delete(id, context.viewer.user.id)
    return context.render("customers/deleted.html", customer=customer)


async def restore(context: Context) -> web.StreamResponse:
    """Take a deletion back."""
    id = context.request.match_info["id"]
    await context.services.customers.restore(id, context.viewer.user.id)
    return context.go(f"/customers/{id}")


async def same_number(context: Context) -> web.StreamResponse:
    """While typing: who has this number already?"""
    text = context.request.query.get("phone", "")
    but = context.request.query.get("but", "")
    found: list[Any] = []
    try:
        number = context.services.daemon.plan.parse(text).e164 if text.strip() else ""
        found = await context.services.customers.with_number(number, but) if number else []
    except InvalidInput:
        found = []
    html = context.services.templates.fragment(context.language, "customers/same.html", found=found)
    return web.Response(text=html, content_type="text/html")


def _form(
    context: Context,
    details: Details,
    customer: Customer | None = None,
    status: int = 200,
    *,
    version: int = 0,
    theirs: Customer | None = None,
    heading_call: str = "",
) -> web.Response:
    return context.render(
        "customers/form.html",
        status=status,
        details=details,
        customer=customer,
        version=version or (customer.version if customer is not None else 0),
        theirs=theirs,
        differing=_differing(details, theirs),
        kinds=_kinds(context),
        call=heading_call,
    )


def _differing(mine: Details, theirs: Customer | None) -> list[str]:
    """Fields in which what I typed differs from what somebody else saved."""
    if theirs is None:
        return []
    _, colliding = merged({}, _flat(mine), _flat(theirs.details))
    return colliding


def _flat(details: Details) -> dict[str, Any]:
    values = details.as_dict()
    values.pop("phones")
    return values


def _as_typed(context: Context, details: Details) -> Details:
    """Numbers as people write them."""
    plan = context.services.daemon.plan
    phones = tuple(
        dataclasses.replace(phone, number=plan.display(phone.number)) for phone in details.phones
    )
    return dataclasses.replace(details, phones=phones)


def _kinds(context: Context) -> list[tuple[str, str]]:
    text = context.language.text
    return [
        (PhoneKind.MOBILE.value, text("Mobile")),
        (PhoneKind.HOME.value, text("Home")),
        (PhoneKind.WORK.value, text("Work")),
        (PhoneKind.FAX.value, text("Fax")),
        (PhoneKind.OTHER.value, text("Other")),
    ]
