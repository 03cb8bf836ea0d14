"""Service records on a customer's page: written, changed in place, deleted and taken back."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.service_records.forms import AllQuery, RecordForm
from console.service_records.model import LABELS
from console.service_records.section import Editing, opened, section_of, shown
from console.service_records.service import Stale
from console.web.context import Context
from pbxd.errors import InvalidInput


async def of_customer(context: Context) -> web.StreamResponse:
    """The records of one customer, drawn anew."""
    customer_id = context.request.match_info["id"]
    everything = context.query(AllQuery).all
    if not context.partial:
        more = "&services=all" if everything else ""
        return context.go(f"/customers/{customer_id}?tab=services{more}")
    return await _list(context, customer_id, everything=everything)


async def add(context: Context) -> web.StreamResponse:
    """A new one; what is wrong stays typed."""
    form, customer_id = await context.form(RecordForm), context.request.match_info["id"]
    service = context.services.service_records
    try:
        await service.add(context.viewer, customer_id, form.entry())
    except InvalidInput as refusal:
        context.errors[f"service-new-{refusal.field}"] = context.language.refusal(refusal)
        services = await section_of(context, customer_id, everything=form.all, typed=form)
        return context.render("service_records/section.html", 422, services=services)
    services = await section_of(context, customer_id, everything=form.all)
    return context.render("service_records/section.html", services=services)


async def edit(context: Context) -> web.StreamResponse:
    """One of them as a form, in its place."""
    record = await context.services.service_records.get(context.request.match_info["id"])
    if not context.partial:
        return context.go(f"/customers/{record.customer_id}?tab=services")
    everything = context.query(AllQuery).all
    return await _list(context, record.customer_id, everything=everything, editing=opened(record))


async def save(context: Context) -> web.StreamResponse:
    """Keep the change; what cannot be kept stays typed, beside what somebody else has saved."""
    form, id = await context.form(RecordForm), context.request.match_info["id"]
    service = context.services.service_records
    record = await service.get(id)
    try:
        await service.change(context.viewer, id, form.version, form.entry())
    except InvalidInput as refusal:
        context.errors[f"service-{id}-{refusal.field}"] = context.language.refusal(refusal)
        return await _still_open(context, opened(record, form), 422)
    except Stale as stale:
        context.errors[f"service-{id}-"] = context.language.refusal(stale)
        newest = form.model_copy(update={"version": stale.theirs.version})
        (theirs,) = shown(context, [stale.theirs])
        return await _still_open(context, Editing(stale.theirs, newest, theirs), 409)
    return await _list(context, record.customer_id, everything=form.all)


async def delete(context: Context) -> web.StreamResponse:
    """Away with it; the list offers to take it back."""
    form, id = await context.form(AllQuery), context.request.match_info["id"]
    record = await context.services.service_records.delete(context.viewer, id, gone=True)
    return await _list(context, record.customer_id, everything=form.all, deleted=id)


async def restore(context: Context) -> web.StreamResponse:
    """Take a deletion back."""
    form, id = await context.form(AllQuery), context.request.match_info["id"]
    record = await context.services.service_records.delete(context.viewer, id, gone=False)
    return await _list(context, record.customer_id, everything=form.all)


async def slip(context: Context) -> web.StreamResponse:
    """One record on paper, for the customer (S3-33)."""
    service = context.services.service_records
    record = await service.get(context.request.match_info["id"])
    customer = await context.services.customers.get(record.customer_id)
    (row,) = shown(context, [record])
    return context.render("service_records/slip.html", row=row, customer=customer, labels=LABELS)


async def _still_open(context: Context, editing: Editing, status: int) -> web.StreamResponse:
    customer_id, everything = editing.record.customer_id, editing.typed.all
    return await _list(context, customer_id, status, everything=everything, editing=editing)


async def _list(
    context: Context, customer_id: str, status: int = 200, **more: Any
) -> web.StreamResponse:
    services = await section_of(context, customer_id, **more)
    return context.render("service_records/list.html", status, services=services)
