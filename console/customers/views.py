"""Customers' screens: list and quick search, form; the page is in `page.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from console.customer_search.model import Wanted
from console.customers.forms import (
    HeadForm,
    ListQuery,
    NewQuery,
    anyway,
    details_of,
    many,
    phone_rows,
    section_rows,
    typed_of,
)
from console.customers.model import Customer, Details, Made, Phone, Stale
from console.customers.page import deleted
from console.customers.shown import FormFields, phone_kinds, shown_of
from console.customers.table import customer_table
from console.customers.vcard import sent
from console.customers.walk import in_list, named
from console.fields.model import SECTIONS
from console.web.context import Context
from console.web.forms import submitted
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import CallIdentified
from pbxd.store.metadata import new_id
from pbxd.store.paging import Page

FOUND = 100
QUICK = 8
BY_NAME = "name"


async def listed(context: Context) -> web.StreamResponse:
    """All customers, or those that fit what was typed; a single hit opens at once."""
    query = context.query(ListQuery)
    service, search = context.services.customers, context.services.search
    if not search.sorts(query.sort):
        query = query.model_copy(update={"sort": ""})
    if not query.q.strip():
        page = await search.page(Wanted(), query.sort or BY_NAME, query.cursor)
        return await _list(context, query, page, await service.count())
    found: Sequence[Customer] = await service.quick(query.q, FOUND)
    if len(found) == 1 and context.partial:
        return context.go(f"/customers/{found[0].id}")
    if query.sort:
        found = await search.sorted([one.id for one in found], query.sort)
    return await _list(context, query, Page(tuple(found)), len(found))


async def quick(context: Context) -> web.StreamResponse:
    """While typing in the quick search: the best hits, the first one opens with Enter (S3-21)."""
    text = context.query(ListQuery).q
    found = await context.services.customers.quick(text, QUICK + 1) if text.strip() else []
    beside = context.services.fields.options.beside_name
    return context.fragment(
        "customers/quick.html", found=found[:QUICK], more=len(found) > QUICK, q=text, beside=beside
    )


async def _list(
    context: Context, query: ListQuery, page: Page[Customer], total: int
) -> web.Response:
    return context.render(
        "customers/list.html",
        wanted=query,
        page=page,
        total=total,
        table=await customer_table(context),
        by=lambda sort: query.link(sort=sort),
        sort=query.sort or ("" if query.q else BY_NAME),
        within=urlencode({"list": named(query.q, query.sort)}),
    )


async def vcard(context: Context) -> web.StreamResponse:
    """For a telephone's contacts."""
    customer = await context.services.customers.get(context.request.match_info["id"])
    return await sent(context, [customer], "customer")


async def new(context: Context) -> web.StreamResponse:
    """The empty form, with the caller's number in it when it comes from a call."""
    query = context.query(NewQuery)
    plan = context.services.daemon.plan
    phones = (Phone(plan.display(query.number)),) if query.number else ()
    today = context.services.daemon.clock().astimezone(context.services.daemon.settings.office.zone)
    details = Details(name=query.name, phones=phones, registered_on=today.date())
    return _form(context, typed_of(details, plan), call=query.call)


async def create(context: Context) -> web.StreamResponse:
    """Save a new customer; the call it was made from becomes that customer's."""
    values, head = await submitted(context.request), await context.form(HeadForm)
    service, bound = context.services.customers, head.call
    try:
        details = _details(context, values, Details(""))
        by = context.viewer.user.id
        customer = await service.create(details, by, anyway(values), head.made)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _form(context, values, status=422, call=bound, made=head.made)
    except Made as before:
        if not before.same:
            context.errors[""] = context.language.refusal(before)
            return _form(context, values, status=409, call=bound)
        customer = before.there
    if bound:
        daemon = context.services.daemon
        daemon.bus.publish(CallIdentified(daemon.clock(), bound, customer.id))
    return context.go(f"/customers/{customer.id}")


async def edit(context: Context) -> web.StreamResponse:
    """The form of a customer; of a deleted one, who may take it back is asked."""
    id = context.request.match_info["id"]
    try:
        customer = await context.services.customers.get(id)
    except NotFound:
        return await deleted(context, id, 200 if context.partial else 404)
    return _form(context, typed_of(customer.details, context.services.daemon.plan), customer)


async def save(context: Context) -> web.StreamResponse:
    """Save an edit; when somebody else has saved meanwhile, show both and lose nothing."""
    id = context.request.match_info["id"]
    values, version = await submitted(context.request), (await context.form(HeadForm)).version
    service = context.services.customers
    before = await service.get(id)
    try:
        details = _details(context, values, before.details)
        await service.change(id, details, version, context.viewer.user.id, anyway(values))
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _form(context, values, before, 422, version=version)
    except Stale as stale:
        context.errors[""] = context.language.refusal(stale)
        mine = typed_of(stale.mine, context.services.daemon.plan)
        return _form(context, mine, stale.theirs, 409, theirs=_theirs(context, stale))
    return context.go(f"/customers/{id}{in_list(context)}")


async def reveal(context: Context) -> web.StreamResponse:
    """A national or business number, whole; who looked is written down."""
    id, word = context.request.match_info["id"], context.request.match_info["word"]
    number = await context.services.customers.reveal(id, word, context.viewer.user.id)
    return web.Response(text=number, headers={"Cache-Control": "no-store"})


async def delete(context: Context) -> web.StreamResponse:
    """Delete a customer; the answer offers to take it back."""
    id = context.request.match_info["id"]
    await context.services.customers.get(id)
    await context.services.customers.delete(id, context.viewer.user.id)
    return await deleted(context, id, 200)


async def restore(context: Context) -> web.StreamResponse:
    """Take a deletion back; where that was pressed in the form, one goes on in it."""
    id = context.request.match_info["id"]
    if await context.services.customer_history.merged(id):
        raise Conflict(
            "customer-merged",
            "This customer was made one with another. Take the merge back under"
            " “Read in, merge, delete”.",
        )
    await context.services.customers.restore(id, context.viewer.user.id)
    page = f"/customers/{id}"
    here = urlsplit(context.request.headers.get("HX-Current-URL", ""))
    if here.path not in (page, f"{page}/edit"):
        return context.go(page)
    return context.go(f"{here.path}?{here.query}" if here.query else here.path)


async def same_number(context: Context) -> web.StreamResponse:
    """While typing: who has this number already?"""
    query, plan = context.request.query, context.services.daemon.plan
    text, but = query.get("phone", ""), query.get("but", "")
    found: list[tuple[str, str, str]] = []
    try:
        number = plan.parse(text).e164 if text.strip() else ""
        found = await context.services.customers.with_number(number, but) if number else []
    except InvalidInput:
        found = []
    said = [(plan.display(phone), id, name) for phone, id, name in found]
    return context.fragment("customers/same.html", found=said)


async def same_customer(context: Context) -> web.StreamResponse:
    """While typing: is there one with this customer number, or this name and birthday?"""
    query = context.request.query
    found = await context.services.customers.alike(
        query.get("number", ""),
        query.get("name", ""),
        query.get("birthday", ""),
        query.get("but", ""),
    )
    return context.fragment("customers/same.html", found=found)


def _details(context: Context, values: Mapping[str, Any], base: Details) -> Details:
    fields = context.services.fields.used()
    return details_of(values, base, fields, context.services.daemon.plan.country)


def _form(
    context: Context,
    values: Mapping[str, Any],
    customer: Customer | None = None,
    status: int = 200,
    *,
    version: int = 0,
    theirs: list[tuple[str, str]] | None = None,
    call: str = "",
    made: str = "",
) -> web.Response:
    sections = [(one, section_rows(values, one.word)) for one in SECTIONS]
    return context.render(
        "customers/form.html",
        status=status,
        v=values,
        chosen=set(many(values, "groups")),
        phones=phone_rows(values),
        sections=sections,
        form=FormFields(context),
        customer=customer,
        version=version or (customer.version if customer is not None else 0),
        theirs=theirs,
        kinds=phone_kinds(context),
        call=call,
        made=made or new_id(),
        in_list=in_list(context),
    )


def _theirs(context: Context, stale: Stale) -> list[tuple[str, str]]:
    """What stands differently in what somebody else saved: (label, their text)."""
    mine, theirs = stale.mine.as_dict(), stale.theirs.details.as_dict()
    shown = shown_of(context, stale.theirs.details)
    return [(one.label, one.text) for one in shown if one.differs(mine, theirs)]
