"""The wallboard and the queues' settings."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.audit.notes import noted
from console.desk.who import agent_of, agent_or_none
from console.queues.forms import HereForm, QueueForm, RemoveForm
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput
from pbxd.queues.model import Strategy


async def wallboard(context: Context) -> web.StreamResponse:
    """Readable from five metres, live."""
    return context.render("queues/wallboard.html")


async def page(context: Context) -> web.StreamResponse:
    """My queues; for who may, all of them with their settings."""
    return _page(context)


async def here(context: Context) -> web.StreamResponse:
    """Log me in or out."""
    form, agent = await context.form(HereForm), agent_of(context)
    await context.services.daemon.queues.log_in(form.word, agent.id, form.on)
    return context.go("/queues")


async def save(context: Context) -> web.StreamResponse:
    """A new or a changed queue; what is wrong is said and stays in the form."""
    form = await context.form(QueueForm)
    queues = context.services.daemon.queues
    before = queues.get(form.word)
    # whoever becomes a member is logged in; who logged out before stays out
    out = frozenset(before.members) - before.here if before is not None else frozenset()
    try:
        await queues.save(form.queue(frozenset(form.member) - out), new=form.new)
    except (InvalidInput, Conflict) as refusal:
        context.errors[getattr(refusal, "field", "")] = context.language.refusal(refusal)
        return _page(context, "" if form.new else form.word, form.model_dump(), status=422)
    await noted(context, "queue.save", form.word, None, form.model_dump(mode="json"))
    return context.go("/queues")


async def remove(context: Context) -> web.StreamResponse:
    """Take a queue away; its figures stay."""
    form = await context.form(RemoveForm)
    await context.services.daemon.queues.remove(form.word)
    await noted(context, "queue.remove", form.word, None, None)
    return context.go("/queues")


def _page(
    context: Context,
    wrong: str | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> web.StreamResponse:
    daemon = context.services.daemon
    return context.render(
        "queues/page.html",
        status=status,
        queues=daemon.queues.all(),
        agent=agent_or_none(context),
        agents=daemon.agents.all(),
        strategies=list(Strategy),
        wrong=wrong,
        typed=typed or {},
    )
