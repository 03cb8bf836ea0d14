"""The supervisor's page and commands."""

from __future__ import annotations

from aiohttp import web

from console.desk.answers import said
from console.desk.who import agent_of
from console.supervise.forms import CallForm, PresenceForm, StopForm, WatchForm
from console.web.context import Context
from pbxd.agents.presence import By
from pbxd.desk.result import CommandResult, Result, refused
from pbxd.supervise.rules import watched_leg


async def page(context: Context) -> web.StreamResponse:
    """All calls and agents, live."""
    return context.render("supervise/page.html")


async def watch(context: Context) -> web.Response:
    """Listen, whisper or barge in; again with another mode: switch."""
    form, me = await context.form(WatchForm), agent_of(context)
    daemon = context.services.daemon
    result = await daemon.desk.run(
        me.id,
        form.mode.value,
        f"{form.call} {form.extension}",
        form.command_id,
        lambda agent: daemon.supervision.start(agent, form.call, form.extension, form.mode),
    )
    return said(context, result)


async def stop(context: Context) -> web.Response:
    """Leave the call."""
    form, me = await context.form(StopForm), agent_of(context)
    daemon = context.services.daemon
    result = await daemon.desk.run(
        me.id, "stop_watching", "", form.command_id, daemon.supervision.stop
    )
    return said(context, result)


async def take_over(context: Context) -> web.Response:
    """The customer comes to my phone."""
    form, me = await context.form(CallForm), agent_of(context)
    daemon = context.services.daemon
    result = await daemon.desk.run(
        me.id,
        "take_over",
        f"{form.call} {form.extension}",
        form.command_id,
        lambda agent: daemon.supervision.take_over(agent, form.call, form.extension),
    )
    return said(context, result)


async def hang_up(context: Context) -> web.Response:
    """End an agent's part in a call."""
    form, me = await context.form(CallForm), agent_of(context)
    daemon = context.services.daemon

    async def work(agent: object) -> CommandResult:
        del agent
        call = daemon.live.get(form.call)
        leg = None if call is None else watched_leg(call, form.extension)
        if leg is None:
            return refused("call-over", "This call is over.")
        return await daemon.desk.end_leg(leg)

    result = await daemon.desk.run(
        me.id, "end_call", f"{form.call} {form.extension}", form.command_id, work
    )
    return said(context, result)


async def presence(context: Context) -> web.Response:
    """Set an agent to away, or back."""
    form, me = await context.form(PresenceForm), agent_of(context)
    daemon, user_id = context.services.daemon, context.viewer.user.id

    async def work(agent: object) -> CommandResult:
        del agent
        if form.reason:
            await daemon.presence.away(form.agent, form.reason, By.SUPERVISOR, user_id)
        else:
            await daemon.presence.back(form.agent, By.SUPERVISOR, user_id)
        return CommandResult(Result.OK)

    verb = "force_away" if form.reason else "force_available"
    result = await daemon.desk.run(me.id, verb, form.agent, form.command_id, work)
    return said(context, result)
