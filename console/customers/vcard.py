"""Customers as vCards (RFC 6350's predecessor 3.0, which every telephone reads)."""

from __future__ import annotations

from collections.abc import Iterable

import vobject
from aiohttp import web

from console.audit.notes import noted
from console.customers.dates import Calendar
from console.customers.model import Customer, Details, PhoneKind
from console.web.context import Context

_TYPES = {
    PhoneKind.MOBILE: "CELL",
    PhoneKind.HOME: "HOME",
    PhoneKind.WORK: "WORK",
    PhoneKind.FAX: "FAX",
    PhoneKind.OTHER: "VOICE",
}
MOST = 20_000


def card(details: Details) -> str:
    """One vCard."""
    made = vobject.vCard()
    made.add("fn").value = details.name
    made.add("n").value = vobject.vcard.Name(given=details.name)
    for phone in details.phones:
        line = made.add("tel")
        line.value = phone.number
        line.type_param = _TYPES[phone.kind]
    if details.email:
        made.add("email").value = details.email
    if details.company or details.department:
        made.add("org").value = [one for one in (details.company, details.department) if one]
    if details.title:
        made.add("title").value = details.title
    if details.address:
        street = " ".join(one for one in (details.address, details.address2) if one)
        made.add("adr").value = vobject.vcard.Address(street=street, code=details.postcode)
    day = details.birthday
    if day is not None and day.year and day.calendar is Calendar.SOLAR:
        made.add("bday").value = day.written
    if details.memo:
        made.add("note").value = details.memo
    return str(made.serialize())


async def sent(context: Context, customers: Iterable[Customer], name: str) -> web.Response:
    """The file; who took it is written down."""
    some = list(customers)
    said = {"what": "vcard", "count": len(some)}
    await noted(context, "customer.export", some[0].id if len(some) == 1 else "", None, said)
    return web.Response(
        text="".join(card(one.details) for one in some),
        content_type="text/vcard",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.vcf"',
            "Cache-Control": "no-store",
        },
    )
