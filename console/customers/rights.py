"""Whose customers somebody may change: those that he registered, his team's, all (S0-55).

Everybody who may see customers sees all of them: who calls has to be known (S0-54).
"""

from __future__ import annotations

from aiohttp import web

from console.customers.model import Customer
from console.users.reach import people
from console.web.context import Context, Handler
from console.web.permissions import Action
from pbxd.errors import NotAllowed


def may(context: Context, customer: Customer, action: Action) -> bool:
    """Does the right reach this one?"""
    if not context.viewer.may("customers", action.value):
        return False
    whose = people(context, "customers", action)
    return whose is None or customer.created_by in [one.id for one in whose]


def reaching(handler: Handler, action: Action) -> Handler:
    """`handler`, when the right reaches the customer of its address. Raises NotAllowed."""

    async def checked(context: Context) -> web.StreamResponse:
        id = context.request.match_info["id"]
        found = await context.services.customers.several([id])  # deleted ones too
        if id in found and not may(context, found[id], action):
            raise NotAllowed("not-your-customer", "Somebody else registered this customer.")
        return await handler(context)

    return checked
