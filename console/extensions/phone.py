"""My phone (전화기 설정, S1-22)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.desk.options import Options
from console.desk.who import agent_of, agent_or_none
from console.extensions.forms import PhoneForm, PopForm
from console.web.context import Context
from pbxd.errors import InvalidInput


async def page(context: Context) -> web.StreamResponse:
    """My name, my phones, my forwarding."""
    return _page(context)


async def save(context: Context) -> web.StreamResponse:
    """Take name and forwarding over, also in the middle of a call."""
    form, agent = await context.form(PhoneForm), agent_of(context)
    daemon = context.services.daemon
    try:
        if form.name.strip() != agent.name:
            await daemon.agents.change(agent.id, form.name, agent.extension)
        await daemon.forwardings.set(agent, form.targets())
        await daemon.outgoing.show(agent.id, form.shows)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _page(context, form.model_dump(), status=422)
    return context.go("/phone")


async def pops(context: Context) -> web.StreamResponse:
    """How the cards of calls behave on my screen."""
    form = await context.form(PopForm)
    options = Options(form.corner, form.opens, form.notify)
    await context.services.desktop.options.choose(context.viewer.user.id, options)
    return context.go("/phone")


def _page(
    context: Context, typed: dict[str, Any] | None = None, status: int = 200
) -> web.StreamResponse:
    daemon, agent = context.services.daemon, agent_or_none(context)
    now: dict[str, Any] = {}
    if agent is not None:
        display = daemon.plan.display
        targets = daemon.forwardings.of(agent.id)
        now = {kind.value: display(daemon.plan.normalise(to)) for kind, to in targets.items()}
        now["name"] = agent.name
        now["shows"] = daemon.outgoing.shown(agent.id)
    blank = dict.fromkeys(("name", "always", "busy", "noanswer", "offline", "shows"), "")
    return context.render(
        "extensions/phone.html",
        status=status,
        agent=agent,
        typed=blank | (typed or now),
        numbers=daemon.outgoing.choices(),
        main=daemon.settings.pbx.caller_id,
    )
