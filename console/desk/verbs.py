"""The call bar's commands: one agent, one call, one definite answer as JSON."""

from __future__ import annotations

from aiohttp import web

from console.desk.answers import said
from console.desk.forms import CallForm, DialForm, HoldForm, KeysForm, MergeForm, SendForm
from console.desk.who import agent_of
from console.web.context import Context
from pbxd.desk.service import Desk


async def dial(context: Context) -> web.Response:
    """Call a number: my phone rings first."""
    form, agent = await context.form(DialForm), agent_of(context)
    if form.callback_id:
        callbacks = context.services.daemon.callbacks
        result = await callbacks.dial(form.callback_id, agent.id, form.command_id, form.customer_id)
        return said(context, result)
    result = await _desk(context).dial(agent.id, form.number, form.command_id, form.customer_id)
    return said(context, result)


async def answer(context: Context) -> web.Response:
    """Answer at my desk phone."""
    form, agent = await context.form(CallForm), agent_of(context)
    return said(context, await _desk(context).answer(agent.id, form.call, form.command_id))


async def hang_up(context: Context) -> web.Response:
    """End my part in a call."""
    form, agent = await context.form(CallForm), agent_of(context)
    return said(context, await _desk(context).hang_up(agent.id, form.call, form.command_id))


async def hold(context: Context) -> web.Response:
    """Put the other side on hold at my desk phone, or take it back."""
    form, agent = await context.form(HoldForm), agent_of(context)
    result = await _desk(context).hold(agent.id, form.call, form.command_id, on=form.on)
    return said(context, result)


async def mute(context: Context) -> web.Response:
    """Let the other side hear nothing from my desk phone, or again."""
    form, agent = await context.form(HoldForm), agent_of(context)
    result = await _desk(context).mute(agent.id, form.call, form.command_id, on=form.on)
    return said(context, result)


async def keys(context: Context) -> web.Response:
    """Press keys for the other side, while I talk at my desk phone."""
    form, agent = await context.form(KeysForm), agent_of(context)
    result = await _desk(context).keys(agent.id, form.call, form.command_id, form.keys)
    return said(context, result)


async def transfer(context: Context) -> web.Response:
    """Send the other party elsewhere at once."""
    form, agent = await context.form(SendForm), agent_of(context)
    result = await _desk(context).transfer(agent.id, form.call, form.command_id, form.to, form.note)
    return said(context, result)


async def consult(context: Context) -> web.Response:
    """Ask somebody while the other party waits."""
    form, agent = await context.form(SendForm), agent_of(context)
    result = await _desk(context).consult(agent.id, form.call, form.command_id, form.to, form.note)
    return said(context, result)


async def complete(context: Context) -> web.Response:
    """Hand the call to whom I asked."""
    form, agent = await context.form(CallForm), agent_of(context)
    return said(context, await _desk(context).complete(agent.id, form.call, form.command_id))


async def back(context: Context) -> web.Response:
    """Return to who waits for me."""
    form, agent = await context.form(CallForm), agent_of(context)
    return said(context, await _desk(context).back(agent.id, form.call, form.command_id))


async def merge(context: Context) -> web.Response:
    """Talk all together."""
    form, agent = await context.form(MergeForm), agent_of(context)
    result = await _desk(context).merge(agent.id, form.call, form.command_id, form.other)
    return said(context, result)


async def pick_up(context: Context) -> web.Response:
    """Take what rings at a colleague's."""
    form, agent = await context.form(CallForm), agent_of(context)
    return said(context, await _desk(context).pick_up(agent.id, form.call, form.command_id))


def _desk(context: Context) -> Desk:
    return context.services.daemon.desk
