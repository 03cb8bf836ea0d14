"""The Away button's commands (JSON)."""

from __future__ import annotations

from aiohttp import web

from console.agents.forms import AwayForm, WrapUpForm
from console.desk.answers import DONE, said
from console.web.context import Context
from pbxd.agents.model import Agent
from pbxd.agents.presence import By
from pbxd.desk.result import CommandResult, Result
from pbxd.errors import NotAllowed


async def away(context: Context) -> web.Response:
    """No calls from now on, by a reason; or calls again (S4-60)."""
    form, agent = await context.form(AwayForm), _agent(context)
    daemon = context.services.daemon

    async def work(agent: Agent) -> CommandResult:
        if not form.reason:
            return _result(await daemon.presence.back(agent.id))
        offered = daemon.presence.rest_offered(agent.id)
        by = By.ABUSE if offered is not None and offered.id == form.reason else By.SELF
        return _result(await daemon.presence.away(agent.id, form.reason, by))

    verb = "away" if form.reason else "back_from_away"
    result = await daemon.desk.run(agent.id, verb, form.reason, form.command_id, work)
    return said(context, result)


async def wrap_up(context: Context) -> web.Response:
    """End my wrap-up, or take a minute more."""
    form, agent = await context.form(WrapUpForm), _agent(context)
    daemon = context.services.daemon

    async def work(agent: Agent) -> CommandResult:
        if form.do == "extend":
            return _result(await daemon.presence.extend(agent.id))
        return _result(await daemon.presence.end_wrap_up(agent.id))

    verb = f"wrap_up_{form.do}"
    result = await daemon.desk.run(agent.id, verb, "", form.command_id, work)
    return said(context, result)


async def decline_rest(context: Context) -> web.Response:
    """No rest now."""
    context.services.daemon.presence.decline_rest(_agent(context).id)
    return web.json_response(DONE)


def _result(told: bool) -> CommandResult:
    if told:
        return CommandResult(Result.OK)
    return CommandResult(
        Result.OK,
        "presence-later",
        "Written down. The telephone system learns it as soon as it can be reached again.",
    )


def _agent(context: Context) -> Agent:
    agent = context.services.daemon.agents.by_id(context.viewer.user.agent_id)
    if agent is None or agent.closed:
        raise NotAllowed("no-extension", "Your account has no extension, so it has no phone.")
    return agent
