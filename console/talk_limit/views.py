"""The agent's two buttons, and the rule's page."""

from __future__ import annotations

import dataclasses

from aiohttp import web

from console.audit.notes import noted
from console.desk.answers import said
from console.desk.forms import CallForm
from console.desk.who import agent_of
from console.talk_limit.forms import RuleForm
from console.web.context import Context
from pbxd.errors import InvalidInput
from pbxd.talk_limit.model import Rule
from pbxd.talk_limit.rules import check


async def extend(context: Context) -> web.Response:
    """Some minutes more for this call."""
    form, agent = await context.form(CallForm), agent_of(context)
    daemon = context.services.daemon
    result = await daemon.desk.run(
        agent.id,
        "extend",
        form.call,
        form.command_id,
        lambda one: daemon.limits.extend(one, form.call),
    )
    return said(context, result)


async def finish(context: Context) -> web.Response:
    """End a call whose time is over, with the announcement."""
    form, agent = await context.form(CallForm), agent_of(context)
    daemon = context.services.daemon
    result = await daemon.desk.run(
        agent.id,
        "finish",
        form.call,
        form.command_id,
        lambda one: daemon.limits.finish(one, form.call),
    )
    return said(context, result)


async def shown(context: Context) -> web.StreamResponse:
    """The rule as it is."""
    return _page(context, context.services.daemon.limits.rule)


async def save(context: Context) -> web.StreamResponse:
    """Take the rule over; what is wrong is said and stays in the form."""
    form = await context.form(RuleForm)
    daemon = context.services.daemon
    before = daemon.limits.rule
    try:
        rule = check(form.rule())
    except InvalidInput as refusal:
        field = refusal.field.replace("_seconds", "_minutes")
        context.errors[field] = context.language.refusal(refusal)
        return _page(context, form.rule(), status=422)
    await daemon.limits.change(rule)
    await noted(
        context,
        "talk_limit.settings",
        "",
        dataclasses.asdict(before),
        dataclasses.asdict(rule),
    )
    return context.go("/settings/talk-limit")


def _page(context: Context, rule: Rule, status: int = 200) -> web.StreamResponse:
    queues = context.services.daemon.queues.all()
    return context.render("talk_limit/settings.html", status=status, rule=rule, queues=queues)
