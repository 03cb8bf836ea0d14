"""Who may call what."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit.notes import noted
from console.web.context import Context
from console.web.permissions import Role
from pbxd.callers.numbers import NumberKind
from pbxd.errors import InvalidInput, NotFound
from pbxd.outgoing.model import KINDS, Allowance, patterns

ROLES = (Role.USER, Role.SUPERVISOR, Role.ADMIN)  # guests have no telephone


class RuleForm(BaseModel):
    """What a role may call; patterns one a line."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kinds: list[NumberKind] = []
    also: Annotated[str, Field(max_length=2000)] = ""
    never: Annotated[str, Field(max_length=2000)] = ""

    def rule(self) -> Allowance:
        """As the service takes it. Raises InvalidInput (also, never)."""
        return Allowance(
            frozenset(self.kinds), patterns(self.also, "also"), patterns(self.never, "never")
        )


async def page(context: Context) -> web.StreamResponse:
    """A card a role."""
    return _page(context)


async def save(context: Context) -> web.StreamResponse:
    """What this role may call from now on."""
    try:
        role = Role(context.request.match_info["role"])
    except ValueError:
        raise NotFound("no-role", "There is no such role.") from None
    form = await context.form(RuleForm)
    outgoing = context.services.daemon.outgoing
    before = outgoing.rule(role.value)
    try:
        await outgoing.set_rule(role.value, form.rule())
    except InvalidInput as refusal:
        context.errors[f"{role.value}-{refusal.field}"] = context.language.refusal(refusal)
        return _page(context, role, form, 422)
    await noted(context, "outgoing.rule", role.value, _said(before), _said(form.rule()))
    return context.go("/outgoing")


def _page(
    context: Context, of: Role | None = None, typed: RuleForm | None = None, status: int = 200
) -> web.StreamResponse:
    outgoing = context.services.daemon.outgoing
    forms = {role: _form(outgoing.rule(role.value)) for role in ROLES}
    if of is not None and typed is not None:
        forms[of] = typed
    return context.render(
        "outgoing/page.html", status=status, forms=forms, kinds=list(KINDS[outgoing.country])
    )


def _form(rule: Allowance) -> RuleForm:
    return RuleForm(
        kinds=sorted(rule.kinds), also="\n".join(rule.also), never="\n".join(rule.never)
    )


def _said(rule: Allowance) -> dict[str, str]:
    return _form(rule).model_dump(mode="json")
