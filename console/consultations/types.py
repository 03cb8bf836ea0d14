"""Settings: the three lists of consultation types (S4-09 … S4-12)."""

from __future__ import annotations

from aiohttp import web

from console.consultations.forms import TypeForm
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput, NotFound

PATH = "/settings/consultation-types"


async def page(context: Context) -> web.StreamResponse:
    """Three lists beside each other."""
    return await _page(context)


async def add(context: Context) -> web.StreamResponse:
    """At the end of a list."""
    form = await context.form(TypeForm)
    service = context.services.consultations
    try:
        await service.add_type(form.level, form.name, _colour(form), context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors[f"new-{form.level}"] = context.language.refusal(refusal)
        return await _page(context, {f"new-{form.level}": form}, 422)
    return context.go(PATH)


async def change(context: Context) -> web.StreamResponse:
    """Name, order, colour."""
    form, id = await context.form(TypeForm), context.request.match_info["id"]
    service, by = context.services.consultations, context.viewer.user.id
    try:
        await service.change_type(id, form.name, _colour(form), form.position, by)
    except (InvalidInput, Conflict, NotFound) as refusal:
        context.errors[id] = context.language.refusal(refusal)
        return await _page(context, {id: form}, 422)
    return context.go(PATH)


async def remove(context: Context) -> web.StreamResponse:
    """Away with one that was never used."""
    id = context.request.match_info["id"]
    try:
        await context.services.consultations.remove_type(id, context.viewer.user.id)
    except Conflict as refusal:
        context.errors[id] = context.language.refusal(refusal)
        return await _page(context, status=409)
    return context.go(PATH)


def _colour(form: TypeForm) -> str:
    return "" if form.plain else form.colour


async def _page(
    context: Context, typed: dict[str, TypeForm] | None = None, status: int = 200
) -> web.StreamResponse:
    service = context.services.consultations
    return context.render(
        "consultations/types.html",
        status=status,
        lists={level: service.types(level) for level in (1, 2, 3)},
        used=await service.used_types(),
        typed=typed or {},
    )
