"""Kinds of abuse and the office's policy."""

from __future__ import annotations

import dataclasses

from aiohttp import web

from console.abuse.forms import PolicyForm
from console.audit.notes import noted
from console.web.context import Context
from pbxd.abuse.model import Kind, Policy
from pbxd.abuse.rules import check_kind
from pbxd.errors import Conflict, InvalidInput


async def shown(context: Context) -> web.StreamResponse:
    """The settings as they are."""
    abuse = context.services.daemon.abuse
    return _page(context, abuse.kinds, abuse.policy)


async def save(context: Context) -> web.StreamResponse:
    """Take the settings over; what is wrong is said and stays in the form."""
    form = await context.form(PolicyForm)
    abuse = context.services.daemon.abuse
    policy = Policy(form.agent_waits, form.block_after)
    typed = list(zip(form.word, form.name, form.warnings, strict=False))
    try:
        kinds = _kinds([row for row in typed if row[0].strip() or row[1].strip()])
    except (InvalidInput, Conflict) as refusal:
        context.errors[""] = context.language.refusal(refusal)
        shown_kinds = tuple(Kind(word, name, warnings) for word, name, warnings in typed)
        return _page(context, shown_kinds, policy, status=422)
    before = [dataclasses.asdict(kind) for kind in abuse.kinds]
    gone = tuple(
        dataclasses.replace(kind, retired=True)
        for kind in abuse.all_kinds
        if kind.word not in {one.word for one in kinds}
    )
    await abuse.change((*kinds, *gone), policy)
    await noted(
        context,
        "abuse.settings",
        "",
        before,
        [dataclasses.asdict(kind) for kind in kinds],
    )
    return context.go("/settings/abuse")


def _kinds(typed: list[tuple[str, str, int]]) -> tuple[Kind, ...]:
    kinds = [
        dataclasses.replace(check_kind(word.strip(), name, warnings), position=place)
        for place, (word, name, warnings) in enumerate(typed, 1)
    ]
    if len({kind.word for kind in kinds}) < len(kinds):
        raise Conflict("abuse-twice", "Two kinds have the same sound name.")
    if not kinds:
        raise InvalidInput("abuse-none", "At least one kind must be left.")
    return tuple(kinds)


def _page(
    context: Context, kinds: tuple[Kind, ...], policy: Policy, status: int = 200
) -> web.StreamResponse:
    return context.render("abuse/settings.html", status=status, kinds=kinds, policy=policy)
