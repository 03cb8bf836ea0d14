"""A customer's page: who it is on the left, tabs on the right, each drawn when it is opened."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel

from console.customer_images.section import section as images
from console.customers.model import Customer
from console.customers.rights import may
from console.customers.shown import groups_of, phone_kinds, section
from console.customers.tabs import Tab, heads, tabs_of
from console.customers.walk import in_list, walk
from console.web.context import Context
from console.web.permissions import Action
from pbxd.errors import NotAllowed, NotFound

PANE = "pane-"  # and the tab's word: the id of its place on the page


class TabQuery(BaseModel):
    """Which tab is open."""

    tab: str = ""


async def shown(context: Context) -> web.StreamResponse:
    """One customer with everything; of a deleted one, who may take it back is asked."""
    id = context.request.match_info["id"]
    try:
        return await page_of(context, id)
    except NotFound:
        return await deleted(context, id, 200 if context.partial else 404)


async def deleted(context: Context, id: str, status: int) -> web.Response:
    """Who was deleted, how it is taken back, and on in the list. Raises NotFound."""
    known = (await context.services.customers.several([id])).get(id)
    if known is None:
        raise NotFound("no-customer", "There is no such customer any more.")
    merged = await context.services.customer_history.merged(id)
    return context.render(
        "customers/deleted.html",
        status,
        customer=known,
        merged=merged,
        may_restore=not merged and may(context, known, Action.DELETE),
        walk=await walk(context, known),
    )


async def pane(context: Context) -> web.StreamResponse:
    """The inside of one tab; opened by itself, the whole page with it."""
    id, word = context.request.match_info["id"], context.request.match_info["word"]
    tab = _tab(context, word)
    if not context.partial:
        query = context.request.query_string
        return context.go(f"/customers/{id}?tab={word}{'&' if query else ''}{query}")
    customer = await context.services.customers.get(id)
    return context.piece(await tab.pane(context, customer))


async def counts(context: Context) -> web.StreamResponse:
    """The numbers beside the tabs' names, after something has changed."""
    customer = await context.services.customers.get(context.request.match_info["id"])
    return context.render("customers/counts.html", heads=await heads(context, customer, ""))


async def again(context: Context, customer_id: str, status: int = 200) -> web.StreamResponse:
    """After a change: the tab from which it was made, else the page."""
    word = context.request.headers.get("HX-Target", "").removeprefix(PANE)
    if word not in {tab.word for tab in tabs_of(context)}:
        if status == 200:
            return context.go(f"/customers/{customer_id}")
        return await page_of(context, customer_id, status=status)
    customer = await context.services.customers.get(customer_id)
    return context.piece(await _tab(context, word).pane(context, customer), status)


async def answer(
    context: Context, customer: Customer, word: str, html: str, status: int = 200
) -> web.StreamResponse:
    """`html` in the tab `word`: into its place where that was asked for, else with the page."""
    if context.request.headers.get("HX-Target") == PANE + word:
        return context.piece(html, status)
    return await page_of(context, customer.id, word, html, status)


async def page_of(
    context: Context, id: str, tab: str = "", pane: str = "", status: int = 200
) -> web.StreamResponse:
    """The customer's page; `pane`: what the tab shows, when it was drawn already."""
    customer = await context.services.customers.get(id)
    await context.services.customer_history.saw(context.viewer.user.id, id)
    chosen = _chosen(context, tab or context.query(TabQuery).tab)
    return context.render(
        "customers/page.html",
        status=status,
        customer=customer,
        album=await images(context, customer),
        may_edit=may(context, customer, Action.EDIT),
        may_delete=may(context, customer, Action.DELETE),
        groups=groups_of(context, customer.details),
        further=await context.services.further.of(id),
        addresses=section("addresses"),
        beside=context.services.fields.options.beside_name,
        walk=await walk(context, customer),
        in_list=in_list(context),
        kinds=phone_kinds(context),
        heads=await heads(context, customer, chosen.word),
        chosen=chosen.word,
        pane=pane or await chosen.pane(context, customer),
    )


def _chosen(context: Context, word: str) -> Tab:
    tabs = tabs_of(context)
    return next((tab for tab in tabs if tab.word == word), tabs[0])


def _tab(context: Context, word: str) -> Tab:
    for tab in context.services.tabs:
        if tab.word == word:
            if not context.viewer.may(tab.menu):
                raise NotAllowed("not-allowed", "Your role does not permit this.")
            return tab
    raise NotFound("no-page", "There is no such page.")
