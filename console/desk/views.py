"""What pages ask of the desk: the home page, the phone, cards and settings."""

from __future__ import annotations

import dataclasses
import random

from aiohttp import web

from console.desk.answers import DONE
from console.desk.forms import (
    ChooseForm,
    DeviceForm,
    LinkForm,
    PageForm,
    PinForm,
    PopForm,
    PopLinesForm,
    RingMeForm,
)
from console.desk.lines import AT_MOST
from console.desk.pop import PopLine
from console.desk.who import agent_of, agent_or_none
from console.web.context import Context
from pbxd.errors import NotFound

EXAMPLES = 12
_SECRET = {"Cache-Control": "no-store"}


async def home(context: Context) -> web.Response:
    """My desk: calls that go on, my last calls, colleagues; a guest sees what there is."""
    if not context.viewer.may("desk"):
        return context.go("/functions")
    desktop = context.services.desktop
    agent = agent_or_none(context)
    return context.render(
        "desk/home.html",
        agent=agent,
        recent=await desktop.recent(agent, context.language) if agent is not None else (),
        examples=await _examples(context),
        lines=context.services.daemon.settings.office.lines,
    )


async def recent(context: Context) -> web.Response:
    """My last calls, again (a call was recorded)."""
    rows = await context.services.desktop.recent(agent_of(context), context.language)
    html = context.services.templates.fragment(context.language, "desk/recent.html", recent=rows)
    return web.Response(text=html, content_type="text/html", headers=_SECRET)


async def phone(context: Context) -> web.Response:
    """SIP credentials for the page that is the browser phone; the last given are the good ones."""
    form, agent = await context.form(PageForm), agent_of(context)
    credentials = await context.services.daemon.phones.credentials(agent.id)
    context.services.daemon.desk.rescue.phone_is(agent.id, form.page)
    context.services.desktop.screens.page_has_phone(agent.id, form.page)
    return web.json_response(dataclasses.asdict(credentials), headers=_SECRET)


async def link(context: Context) -> web.Response:
    """Go on line or off (접속관리, S4-101)."""
    form = await context.form(LinkForm)
    await context.services.daemon.agents.set_linked(agent_of(context).id, form.on)
    return web.json_response(DONE)


async def device(context: Context) -> web.Response:
    """Telephone with the browser or the desk phone from now on."""
    form = await context.form(DeviceForm)
    await context.services.daemon.agents.set_device(agent_of(context).id, form.kind)
    return web.json_response(DONE)


async def close_pop(context: Context) -> web.Response:
    """Take a card off my screens."""
    form = await context.form(PopForm)
    context.services.desktop.screens.close_pop(agent_of(context).id, form.call)
    return web.json_response(DONE)


async def pin_pop(context: Context) -> web.Response:
    """Keep a card on my screens, or let it go."""
    form = await context.form(PinForm)
    context.services.desktop.screens.pin_pop(agent_of(context).id, form.call, form.on)
    return web.json_response(DONE)


async def choose(context: Context) -> web.Response:
    """Say which of several customers calls."""
    form = await context.form(ChooseForm)
    agent_of(context)
    await context.services.desktop.choose(form.call, form.customer_id)
    return web.json_response(DONE)


async def ring_me(context: Context) -> web.Response:
    """Let somebody call the sample office."""
    form, ring = await context.form(RingMeForm), context.services.ring_me
    if ring is None:
        raise NotFound("no-sample-office", "Only the sample office can be rung from here.")
    if form.who == "withheld":
        await ring.ring(None, line=form.line)
    elif form.who == "stranger":
        digits = "".join(random.choices("0123456789", k=8))  # noqa: S311 - any number will do
        await ring.ring(f"010{digits}", line=form.line)
    else:
        number = context.services.daemon.plan.parse(form.who)
        await ring.ring(context.services.daemon.plan.dial_string(number), line=form.line)
    return web.Response(status=204)


async def settings(context: Context) -> web.Response:
    """Which lines a screen pop shows."""
    chosen = [line.value for line in context.services.desktop.lines.chosen]
    return context.render(
        "desk/settings.html",
        chosen=chosen + [""] * (AT_MOST - len(chosen)),
        choices=[line.value for line in PopLine],
    )


async def save_settings(context: Context) -> web.Response:
    """Show these lines from now on."""
    form = await context.form(PopLinesForm)
    await context.services.desktop.lines.choose(form.line)
    return context.go("/settings/pop")


async def _examples(context: Context) -> list[tuple[str, str]] | None:
    """Names and numbers of customers who may ring the sample office; None elsewhere."""
    if context.services.ring_me is None:
        return None
    page = await context.services.customers.page(size=EXAMPLES)
    return [(one.name, one.details.phones[0].number) for one in page.rows if one.details.phones]
