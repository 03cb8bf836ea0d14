"""Accounts, for administrators: who people are, their extension, their rights (S1-78 … S1-84)."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit.notes import noted
from console.lists.forms import SortedQuery
from console.users.columns import COLUMNS, LIST
from console.users.listing import accounts, extensions_of, roles
from console.users.matrix import matrix
from console.users.queries import User
from console.users.service import Profile
from console.web.context import Context
from console.web.days import OptionalDay
from console.web.permissions import Action, Grants, Role, Scope
from pbxd.agents.model import DeviceKind
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import InvalidInput, NotAllowed, NotFound, Refused

LISTS = ("department", "title", "rank")  # chosen from the office's codes (S1-81)
Short = Annotated[str, Field(max_length=40)]


class NewUserForm(BaseModel):
    """A new account."""

    login: str = ""
    name: str = ""
    password: str = ""
    role: Role = Role.USER
    extension: str = ""


class UserForm(BaseModel):
    """Who somebody is, his role and extension."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, Field(max_length=200)] = ""
    department: Short = ""
    title: Short = ""
    rank: Short = ""
    joined_on: OptionalDay = None
    left_on: OptionalDay = None
    emergency: Annotated[str, Field(max_length=80)] = ""
    line: Annotated[str, Field(max_length=40)] = ""
    role: Role = Role.USER
    extension: Annotated[str, Field(max_length=8)] = ""

    def profile(self, plan: NumberPlan) -> Profile:
        """As the service takes it. Raises InvalidInput."""
        return Profile(
            self.name.strip(),
            self.department.strip(),
            self.title.strip(),
            self.rank.strip(),
            self.joined_on,
            self.left_on,
            self.emergency.strip(),
            line_number(self.line, plan),
        )


async def listed(
    context: Context, form: NewUserForm | None = None, status: int = 200
) -> web.StreamResponse:
    """All accounts."""
    query = context.query(SortedQuery)
    sort, rows = accounts(context, query)
    return context.render(
        "users/list.html",
        status=status,
        users=rows,
        sort=sort,
        link=lambda sort: f"/users?{query.link(sort=sort)}",
        wanted=query,
        columns=await context.services.lists.columns(context, LIST, COLUMNS),
        gone=context.services.users.gone,
        extensions=extensions_of(context),
        display=context.services.daemon.plan.display,
        roles=roles(context),
        form=form or NewUserForm(),
    )


async def create(context: Context) -> web.StreamResponse:
    """A new account, with an extension if one is given."""
    form, users = await context.form(NewUserForm), context.services.users
    try:
        users.check_new(form.login, form.name, form.password)
        agent_id = await _agent(context, form.name, form.extension)
        user = await users.create(
            form.login, form.name, form.password, form.role, agent_id, issued=True
        )
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else ""
        context.errors[field] = context.language.refusal(refusal)
        return await listed(context, form, status=422)
    await noted(context, "user.create", user.id, None, [user.login, form.role.value])
    return context.go("/users")


async def shown(context: Context) -> web.StreamResponse:
    """One account."""
    return await _page(context, _user(context))


async def save(context: Context) -> web.StreamResponse:
    """Who somebody is; what is wrong stays typed."""
    form, user = await context.form(UserForm), _user(context)
    service = context.services.users
    try:
        _check_codes(context, form, user)
        profile = form.profile(context.services.daemon.plan)
        if form.role is not user.role:
            _only_administrators(context)
            await service.set_role(user.id, form.role)
        await service.set_agent(user.id, await _agent(context, form.name, form.extension))
        await service.set_profile(user.id, profile)
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else ""
        context.errors[field] = context.language.refusal(refusal)
        return await _page(context, user, form, 422)
    before, after = _said(user), form.model_dump(mode="json")
    await noted(context, "user.change", user.id, before, after)
    return context.go(f"/users/{user.id}")


async def save_rights(context: Context) -> web.StreamResponse:
    """What this person may besides his role; at once, also for pages that are open."""
    _only_administrators(context)
    user = _user(context)
    posted = await context.request.post()
    grants: dict[tuple[str, Action], Scope] = {}
    for line in matrix(context, user):
        for action, choices, _, _ in line.cells:
            value = str(posted.get(f"{line.menu}:{action.value}", ""))
            if value == "":
                continue
            scope = next((one for one in choices if str(int(one)) == value), None)
            if scope is None:
                raise InvalidInput("rights-choice", "Choose a right from the list.")
            grants[line.menu, action] = scope
    await context.services.users.set_grants(user.id, grants)
    await noted(context, "user.rights", user.id, _words(user.grants), _words(grants))
    return context.go(f"/users/{user.id}")


async def set_password(context: Context) -> web.StreamResponse:
    """A new password for somebody who forgot his; he is logged out everywhere."""
    user = _user(context)
    if user.role is Role.ADMIN:
        _only_administrators(context)
    password = str((await context.request.post()).get("password", ""))
    try:
        await context.services.users.set_password(user.id, password, issued=True)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, user, status=422)
    await context.services.sessions.end_all(user.id)
    await noted(context, "user.password", user.id)
    return await _page(context, user, said=context.language.text("The password was changed."))


async def close(context: Context) -> web.StreamResponse:
    """Somebody has left; the sessions end at once. Nobody is deleted."""
    user = _user(context)
    await context.services.users.close(user.id)
    await context.services.sessions.end_all(user.id)
    await noted(context, "user.close", user.id)
    return context.go("/users")


async def reopen(context: Context) -> web.StreamResponse:
    """Somebody is back."""
    user = _user(context)
    await context.services.users.reopen(user.id)
    await noted(context, "user.reopen", user.id)
    return context.go("/users")


async def _page(
    context: Context,
    user: User,
    typed: UserForm | None = None,
    status: int = 200,
    said: str = "",
) -> web.StreamResponse:
    agent = context.services.daemon.agents.by_id(user.agent_id)
    return context.render(
        "users/one.html",
        status=status,
        user=user,
        typed=typed or UserForm(**_said(user) | {"extension": agent.extension if agent else ""}),
        roles=roles(context),
        lines=matrix(context, user),
        actions=list(Action),
        lists={word: _choices(context, word, getattr(user, word)) for word in LISTS},
        line=context.services.daemon.plan.display(user.line),
        said=said,
    )


def _user(context: Context) -> User:
    wanted = context.request.match_info["id"]
    for user in context.services.users.all():
        if user.id == wanted:
            return user
    raise NotFound("no-user", "There is no such account.")


async def _agent(context: Context, name: str, extension: str) -> str:
    """The agent of an extension, made if there is none; "" no extension."""
    extension, agents = extension.strip(), context.services.daemon.agents
    if not extension:
        return ""
    agent = agents.by_extension(extension) or await agents.add(name, extension, DeviceKind.BROWSER)
    return agent.id


def line_number(typed: str, plan: NumberPlan) -> str:
    """The number of somebody's own line as it is kept (실선번호, S4-05). Raises InvalidInput."""
    number = plan.normalise(typed) if typed.strip() else ""
    if typed.strip() and not number:
        raise InvalidInput("line-number", "Enter a telephone number.", field="line")
    return number


def _choices(context: Context, word: str, now: str) -> list[str]:
    """The office's list; what somebody has stays a choice after it left the list."""
    names = [code.name for code in context.services.codes.of(word)]
    return names if now in ("", *names) else [*names, now]


def _check_codes(context: Context, form: UserForm, user: User) -> None:
    for word in LISTS:
        if getattr(form, word) not in ("", *_choices(context, word, getattr(user, word))):
            raise InvalidInput("code-unknown", "Choose one of the list.", field=word)


def _only_administrators(context: Context) -> None:
    if context.viewer.user.role is not Role.ADMIN:
        raise NotAllowed("rights-admin", "Only administrators give rights.")


def profile_of(user: User) -> Profile:
    """Who somebody is now."""
    return Profile(**{one.name: getattr(user, one.name) for one in fields(Profile)})


def _said(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "department": user.department,
        "title": user.title,
        "rank": user.rank,
        "joined_on": user.joined_on.isoformat() if user.joined_on else None,
        "left_on": user.left_on.isoformat() if user.left_on else None,
        "emergency": user.emergency,
        "line": user.line,
        "role": user.role.value,
    }


def _words(grants: Grants) -> dict[str, str]:
    return {f"{menu}:{action.value}": scope.name for (menu, action), scope in grants.items()}
