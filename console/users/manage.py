"""Accounts, for administrators: who people are, their extension, their rights (S1-78 … S1-84)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit.notes import noted
from console.users.queries import User
from console.users.service import Profile
from console.web.context import Context
from console.web.days import OptionalDay
from console.web.permissions import PRESETS, Action, Grants, Role, Scope
from pbxd.agents.model import DeviceKind
from pbxd.errors import InvalidInput, NotAllowed, NotFound, Refused

Short = Annotated[str, Field(max_length=40)]

# Where "one's own" or "my team's" means something; elsewhere one may or may not.
SCOPED: dict[tuple[str, Action], tuple[Scope, ...]] = {
    ("calls", Action.VIEW): (Scope.OWN,),
    ("recordings", Action.VIEW): (Scope.OWN, Scope.TEAM),
    ("recordings", Action.EXPORT): (Scope.OWN, Scope.TEAM),
    ("consultations", Action.EDIT): (Scope.OWN,),
    ("consultations", Action.DELETE): (Scope.OWN,),
    ("consultation-log", Action.VIEW): (Scope.OWN,),
    ("consultation-log", Action.EXPORT): (Scope.OWN,),
    ("service-records", Action.EDIT): (Scope.OWN,),
    ("service-records", Action.DELETE): (Scope.OWN,),
    ("scheduled", Action.VIEW): (Scope.OWN,),
    ("scheduled", Action.EDIT): (Scope.OWN,),
    ("notices", Action.VIEW): (Scope.TEAM,),
    ("notices", Action.EDIT): (Scope.OWN,),
    ("notices", Action.DELETE): (Scope.OWN,),
}
# who may set rights, or take all data along, would have all of them
FOR_ADMINISTRATORS = frozenset({"users", "backup"})
EVERYBODY_S = frozenset({"account"})


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
    role: Role = Role.USER
    extension: Annotated[str, Field(max_length=8)] = ""

    def profile(self) -> Profile:
        """As the service takes it."""
        return Profile(
            self.name.strip(),
            self.department.strip(),
            self.title.strip(),
            self.rank.strip(),
            self.joined_on,
            self.left_on,
            self.emergency.strip(),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A menu of the matrix: for each action the choices, the role's scope, one's own."""

    menu: str
    label: str
    cells: tuple[tuple[Action, tuple[Scope, ...], Scope, Scope | None], ...]


async def users(
    context: Context, form: NewUserForm | None = None, status: int = 200
) -> web.StreamResponse:
    """All accounts."""
    agents = context.services.daemon.agents
    return context.render(
        "users/list.html",
        status=status,
        users=context.services.users.all(),
        extensions={agent.id: agent.extension for agent in agents.all()},
        roles=_roles(context),
        form=form or NewUserForm(),
    )


async def create(context: Context) -> web.StreamResponse:
    """A new account, with an extension if one is given."""
    form = await context.form(NewUserForm)
    try:
        agent_id = await _agent(context, form.name, form.extension)
        user = await context.services.users.create(
            form.login, form.name, form.password, form.role, agent_id
        )
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else ""
        context.errors[field] = context.language.refusal(refusal)
        return await users(context, form, status=422)
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
        if form.role is not user.role:
            _only_administrators(context)
            await service.set_role(user.id, form.role)
        await service.set_agent(user.id, await _agent(context, form.name, form.extension))
        await service.set_profile(user.id, form.profile())
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
        await context.services.users.set_password(user.id, password)
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


def matrix(context: Context, user: User) -> list[Line]:
    """Every menu with the actions that some address of it asks for."""
    from console.registry import CAPABILITIES  # noqa: PLC0415 - it knows this module

    labels: dict[str, str] = {}
    order: dict[str, int] = {}
    actions: dict[str, set[Action]] = {}
    for capability in CAPABILITIES:
        for entry in capability.entries:
            if entry.menu != "settings" or entry.index:
                labels.setdefault(entry.menu, entry.label)
                order.setdefault(entry.menu, entry.order)
        for route in capability.routes:
            if route.need is not None:
                actions.setdefault(route.need.menu, set()).add(route.need.action)
    text = context.language.text
    # without a page of their own: on the customer's, and on that of all queues
    labels |= {"consultations": text("Consultations of a customer"), "queues": text("Queues")}
    order |= {"consultations": order["customers"], "queues": order["desk"]}
    actions["consultations"].add(Action.VIEW)
    menus = set(actions) - FOR_ADMINISTRATORS - EVERYBODY_S
    lines = []
    for menu in sorted(menus, key=lambda one: (order.get(one, 99), one)):
        cells = tuple(
            (
                action,
                (Scope.NONE, *SCOPED.get((menu, action), ()), Scope.ALL),
                PRESETS[user.role].scope(menu, action),
                user.grants.get((menu, action)),
            )
            for action in Action
            if action in actions[menu]
        )
        lines.append(Line(menu, text(labels.get(menu, menu)), cells))
    return lines


async def _page(
    context: Context,
    user: User,
    typed: UserForm | None = None,
    status: int = 200,
    said: str = "",
) -> web.StreamResponse:
    agent = context.services.daemon.agents.by_id(user.agent_id)
    everybody = context.services.users.all()
    return context.render(
        "users/one.html",
        status=status,
        user=user,
        typed=typed or UserForm(**_said(user) | {"extension": agent.extension if agent else ""}),
        roles=_roles(context),
        lines=matrix(context, user),
        actions=list(Action),
        known={
            name: sorted(
                ({getattr(one, name) for one in everybody} - {""})
                | {code.name for code in context.services.codes.of(name)}
            )
            for name in ("department", "title", "rank")  # also the lists' words (S1-81)
        },
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


def _only_administrators(context: Context) -> None:
    if context.viewer.user.role is not Role.ADMIN:
        raise NotAllowed("rights-admin", "Only administrators give rights.")


def _roles(context: Context) -> dict[str, str]:
    text = context.language.text
    return {
        "admin": text("Administrator"),
        "supervisor": text("Supervisor"),
        "user": text("Agent"),
        "guest": text("Guest"),
    }


def _said(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "department": user.department,
        "title": user.title,
        "rank": user.rank,
        "joined_on": user.joined_on.isoformat() if user.joined_on else None,
        "left_on": user.left_on.isoformat() if user.left_on else None,
        "emergency": user.emergency,
        "role": user.role.value,
    }


def _words(grants: Grants) -> dict[str, str]:
    return {f"{menu}:{action.value}": scope.name for (menu, action), scope in grants.items()}
