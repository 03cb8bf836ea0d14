"""Consultations: written, added to, completed, deleted; from whichever page."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.consultations import panes
from console.consultations.forms import Back, DoneForm, TextForm, WriteForm
from console.consultations.model import Consultation
from console.customers.page import again, answer
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput, NotAllowed

_BACK: dict[Back, str] = {
    "unfinished": "/callbacks?tab=unfinished",
    "recalls": "/callbacks?tab=recalls",
    "log": "/consultations",
}


async def write(context: Context) -> web.StreamResponse:
    """A new case; what is wrong stays typed."""
    form, customer_id = await context.form(WriteForm), context.request.match_info["id"]
    zone = context.services.daemon.settings.office.zone
    try:
        written = form.written(zone)
        await context.services.consultations.write(context.viewer, customer_id, written)
    except InvalidInput as refusal:
        context.errors[f"consultation-{refusal.field}"] = context.language.refusal(refusal)
        return await _answer(context, customer_id, status=422, typed=form)
    except Conflict as refusal:
        context.errors["consultation-text"] = context.language.refusal(refusal)
        anew = form.model_copy(update={"made": ""})
        return await _answer(context, customer_id, status=409, typed=anew)
    return await again(context, customer_id)


async def add(context: Context) -> web.StreamResponse:
    """Something more in the same case."""
    form, id = await context.form(TextForm), context.request.match_info["id"]
    service = context.services.consultations
    try:
        case = await service.add(context.viewer, id, form.text)
    except InvalidInput as refusal:
        context.errors[f"add-{id}"] = context.language.refusal(refusal)
        context.kept[f"add-{id}"] = form.text
        return await again(context, (await service.get(id)).customer_id, 422)
    return await _back(context, case, form.back)


async def edit(context: Context) -> web.StreamResponse:
    """Other words; what cannot be kept stays typed."""
    form, part_id = await context.form(TextForm), context.request.match_info["part"]
    service = context.services.consultations
    try:
        case = await service.edit(context.viewer, part_id, form.text, form.version)
    except (InvalidInput, Conflict, NotAllowed) as refusal:
        context.errors[f"part-{part_id}"] = context.language.refusal(refusal)
        context.kept[f"part-{part_id}"] = form.text
        customer_id = await service.customer_of_part(part_id)
        return await again(context, customer_id, 422)
    return await _back(context, case, form.back)


async def complete(context: Context) -> web.StreamResponse:
    """Finished (상담완료), or not after all."""
    form, id = await context.form(DoneForm), context.request.match_info["id"]
    case = await context.services.consultations.complete(context.viewer, id, form.done)
    return await _back(context, case, form.back)


async def recall(context: Context) -> web.StreamResponse:
    """The customer was called (리콜완료), or was not after all."""
    form, id = await context.form(DoneForm), context.request.match_info["id"]
    service = context.services.consultations
    case = await service.get(id)
    await service.recalled(context.viewer, [id], form.done)
    return await _back(context, case, form.back)


async def delete(context: Context) -> web.StreamResponse:
    """Away with it; the page offers to take it back."""
    id = context.request.match_info["id"]
    case = await context.services.consultations.delete(context.viewer, id, gone=True)
    return await _answer(context, case.customer_id, deleted=id)


async def restore(context: Context) -> web.StreamResponse:
    """Take a deletion back."""
    id = context.request.match_info["id"]
    case = await context.services.consultations.delete(context.viewer, id, gone=False)
    return await again(context, case.customer_id)


async def _back(context: Context, case: Consultation, back: Back) -> web.StreamResponse:
    if back in _BACK:
        return context.go(_BACK[back])
    return await again(context, case.customer_id)


async def _answer(
    context: Context, customer_id: str, *, status: int = 200, **values: Any
) -> web.StreamResponse:
    customer = await context.services.customers.get(customer_id)
    html = await panes.consultations(context, customer, **values)
    return await answer(context, customer, "consultations", html, status)
