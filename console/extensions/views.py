"""The administrator's list of extensions (S4-24)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.audit.notes import noted
from console.extensions.forms import CloseForm, ExtensionForm
from console.web.context import Context
from pbxd.agents.model import DeviceKind
from pbxd.ami.events import DeviceState
from pbxd.errors import Conflict, InvalidInput

_NOT_THERE = (DeviceState.INVALID, DeviceState.UNKNOWN)


async def page(context: Context) -> web.StreamResponse:
    """All extensions with their live state."""
    return _page(context)


async def add(context: Context) -> web.StreamResponse:
    """A new extension; what is wrong is said and stays in the form."""
    form = await context.form(ExtensionForm)
    agents = context.services.daemon.agents
    try:
        agent = await agents.add(form.name, form.extension.strip(), DeviceKind.BROWSER)
    except (InvalidInput, Conflict) as refusal:
        return _wrong(context, refusal, form, "new")
    await noted(context, "extension.add", agent.id, None, [agent.extension, agent.name])
    return context.go("/extensions")


async def change(context: Context) -> web.StreamResponse:
    """Another name or extension."""
    form = await context.form(ExtensionForm)
    agents, id = context.services.daemon.agents, context.request.match_info["id"]
    before = agents.by_id(id)
    try:
        await agents.change(id, form.name, form.extension.strip())
    except (InvalidInput, Conflict) as refusal:
        return _wrong(context, refusal, form, id)
    old = [before.extension, before.name] if before is not None else None
    await noted(context, "extension.change", id, old, [form.extension.strip(), form.name.strip()])
    return context.go("/extensions")


async def close(context: Context) -> web.StreamResponse:
    """The ticked ones leave; who talks now cannot."""
    form = await context.form(CloseForm)
    daemon = context.services.daemon
    wanted = [agent for agent in daemon.agents.all() if agent.id in form.id]
    talking = [agent.name for agent in wanted if daemon.live.of_extension(agent.extension)]
    if talking or not wanted:
        text = context.language.text
        context.errors[""] = (
            text("In a call now: {names}. Nothing was deleted.").format(names=", ".join(talking))
            if talking
            else text("Tick the extensions that shall be deleted.")
        )
        return _page(context, status=422)
    for agent in wanted:
        await daemon.agents.close(agent.id)
        await noted(context, "extension.close", agent.id, [agent.extension, agent.name], None)
    return context.go("/extensions")


async def reopen(context: Context) -> web.StreamResponse:
    """Undo a deletion."""
    id = context.request.match_info["id"]
    try:
        await context.services.daemon.agents.reopen(id)
    except Conflict as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return _page(context, status=422)
    await noted(context, "extension.reopen", id, None, None)
    return context.go("/extensions")


def _wrong(
    context: Context, refusal: InvalidInput | Conflict, form: ExtensionForm, row: str
) -> web.StreamResponse:
    field = refusal.field if isinstance(refusal, InvalidInput) else "extension"
    context.errors[field] = context.language.refusal(refusal)
    return _page(context, wrong=row, typed=form.model_dump(), status=422)


def _page(
    context: Context,
    wrong: str = "",
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> web.StreamResponse:
    daemon = context.services.daemon
    agents = daemon.agents
    missing = {
        agent.id
        for agent in agents.all()
        if daemon.link.up
        and all(agents.device_state(agent.extension, kind) in _NOT_THERE for kind in DeviceKind)
    }
    return context.render(
        "extensions/page.html",
        status=status,
        rows=[(agent, agents.state(agent.id)) for agent in agents.all()],
        left=agents.left(),
        missing=missing,
        wrong=wrong,
        typed=typed or {},
    )
