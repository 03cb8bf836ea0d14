"""Desk phones that read the book: their addresses, each with a token of its own."""

from __future__ import annotations

from aiohttp import web

from console.audit.notes import noted
from console.phonebook.forms import DeviceForm
from console.phonebook.views import shown
from console.web.context import Context
from pbxd.errors import InvalidInput


async def add(context: Context) -> web.StreamResponse:
    """A phone more: its address is shown once."""
    form = await context.form(DeviceForm)
    try:
        token = await context.services.daemon.phonebook.add_device(form.extension, form.format)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await shown(context, status=422)
    await noted(context, "phonebook.device", form.extension, None, form.format.value)
    request = context.request
    return await shown(context, token=f"{request.scheme}://{request.host}/book/{token}.xml")


async def remove(context: Context) -> web.StreamResponse:
    """Its address leads nowhere from now on."""
    id = context.request.match_info["id"]
    await context.services.daemon.phonebook.remove_device(id)
    await noted(context, "phonebook.device-remove", id)
    return context.go("/phonebook")


async def book(context: Context) -> web.StreamResponse:
    """What a desk phone reads; who has the address has the right."""
    daemon = context.services.daemon
    token = context.request.match_info["token"]
    body = await daemon.phonebook.read_by(token, daemon.settings.office.name)
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=body, content_type="text/xml", charset="utf-8", headers=headers)
