"""From the phone's contacts to customers: choose there, look here, take over."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.contacts.service import Contacts
from console.web.context import Context
from pbxd.errors import InvalidInput

PATH = "/customers/contacts"


class CardsForm(BaseModel):
    """vCards as text, and the places of those that are ticked."""

    cards: Annotated[str, Field(max_length=900_000)] = ""
    take: list[Annotated[int, Field(ge=0)]] = []


async def start(context: Context) -> web.StreamResponse:
    """Where they are chosen."""
    return context.render("contacts/start.html")


async def look(context: Context) -> web.StreamResponse:
    """What they would be, and who is a customer already; nothing is kept yet."""
    form = await context.form(CardsForm)
    try:
        contacts = await _service(context).read(form.cards)
    except InvalidInput as refusal:
        context.errors["cards"] = context.language.refusal(refusal)
        return context.render("contacts/start.html", status=422)
    return context.render("contacts/look.html", contacts=contacts, cards=form.cards)


async def take(context: Context) -> web.StreamResponse:
    """Those that are ticked become customers."""
    form = await context.form(CardsForm)
    taken = await _service(context).take(form.cards, set(form.take), context.viewer.user.id)
    return context.render("contacts/taken.html", taken=taken)


def _service(context: Context) -> Contacts:
    return Contacts(context.services.customers, context.services.daemon.plan)
