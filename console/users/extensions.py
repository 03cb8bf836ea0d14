"""Agents by extension: each has an ID, a line, a name, rights (상담원 관리, S4-05, S4-06)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit.notes import noted
from console.users.listing import roles
from console.users.manage import line_number, profile_of
from console.users.queries import User
from console.web.context import Context
from console.web.permissions import Role
from pbxd.agents.model import Agent, DeviceKind
from pbxd.errors import Conflict, InvalidInput

PATH = "/users/extensions"
NEW = "new"  # the line for an extension that there is not yet


class RowForm(BaseModel):
    """One line of the table; `row`: the agent, or whatever names a line without one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    row: Annotated[str, Field(max_length=26)] = ""
    extension: Annotated[str, Field(max_length=8)] = ""
    line: Annotated[str, Field(max_length=40)] = ""
    login: Annotated[str, Field(max_length=80)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    role: Role = Role.USER


class TickedForm(BaseModel):
    """Several lines."""

    id: list[str] = []


@dataclass(frozen=True, slots=True)
class Row:
    """An extension; without `agent` it is free, without `user` it has no ID."""

    extension: str
    agent: Agent | None = None
    user: User | None = None

    @property
    def key(self) -> str:
        """Names the line on the page."""
        return self.agent.id if self.agent is not None else self.extension


async def page(context: Context) -> web.StreamResponse:
    """All extensions with who works there."""
    return _page(context)


async def save(context: Context) -> web.StreamResponse:
    """An ID for an extension, or changes; what is wrong is said and stays in its line."""
    form = await context.form(RowForm)
    try:
        await _keep(context, form)
    except (InvalidInput, Conflict) as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) else ""
        context.errors[field] = context.language.refusal(refusal)
        return _page(context, form, status=422)
    return context.go(PATH)


async def close(context: Context) -> web.StreamResponse:
    """The ticked ones leave, all or none; nothing of theirs is deleted."""
    ticked = (await context.form(TickedForm)).id
    wanted = [row for row in _rows(context) if row.agent is not None and row.agent.id in ticked]
    if reason := _why_not(context, wanted):
        context.errors[""] = reason
        return _page(context, status=422)
    users, agents = context.services.users, context.services.daemon.agents
    try:
        for row in wanted:
            if row.user is not None:
                await users.close(row.user.id)
                await context.services.sessions.end_all(row.user.id)
                await noted(context, "user.close", row.user.id)
            if row.agent is not None:
                await agents.close(row.agent.id)
                await noted(context, "extension.close", row.agent.id, [row.extension], None)
    except Conflict as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return _page(context, status=422)
    return context.go(f"{PATH}?closed={','.join(row.key for row in wanted)}")


async def reopen(context: Context) -> web.StreamResponse:
    """Undo that."""
    users, agents = context.services.users, context.services.daemon.agents
    try:
        for id in (await context.form(TickedForm)).id:
            await agents.reopen(id)
            await noted(context, "extension.reopen", id)
            for user in users.all():
                if user.agent_id == id and user.closed:
                    await users.reopen(user.id)
                    await noted(context, "user.reopen", user.id)
    except Conflict as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return _page(context, status=422)
    return context.go(PATH)


async def _keep(context: Context, form: RowForm) -> None:
    """All is checked before anything is written. Raises InvalidInput, Conflict."""
    users, daemon = context.services.users, context.services.daemon
    agent, extension = daemon.agents.by_id(form.row), form.extension.strip()
    user, line = _account(context, agent), line_number(form.line, daemon.plan)
    if user is not None:
        users.check_change(user.id, form.role, form.password)
    elif form.login.strip() or form.password:
        users.check_new(form.login, form.name, form.password)
    if agent is None:
        agent = await daemon.agents.add(form.name, extension, DeviceKind.BROWSER)
    elif (agent.name, agent.extension) != (form.name.strip(), extension):
        await daemon.agents.change(agent.id, form.name, extension)
    if user is not None:
        await users.set_role(user.id, form.role)
        await users.set_profile(user.id, replace(profile_of(user), name=form.name, line=line))
        if form.password:
            await users.set_password(user.id, form.password, issued=True)
            await context.services.sessions.end_all(user.id)
    elif form.login.strip():
        user = await users.create(
            form.login, form.name, form.password, form.role, agent.id, line=line, issued=True
        )
    said = [extension, form.name.strip(), form.login, form.role.value, line]
    await noted(context, "user.issue", user.id if user is not None else agent.id, None, said)


def _why_not(context: Context, wanted: list[Row]) -> str:
    """Why the ticked ones cannot leave; "" they can."""
    text, daemon = context.language.text, context.services.daemon
    if not wanted:
        return text("Tick the extensions that shall be deleted.")
    busy = (row.agent for row in wanted if daemon.live.of_extension(row.extension))
    talking = [agent.name for agent in busy if agent is not None]
    if talking:
        return text("In a call now: {names}. Nothing was deleted.").format(names=", ".join(talking))
    if any(row.user is not None and row.user.id == context.viewer.user.id for row in wanted):
        return text("Nobody deletes himself. Nothing was deleted.")
    return ""


def _account(context: Context, agent: Agent | None) -> User | None:
    """The open account of an agent."""
    if agent is None:
        return None
    everybody = context.services.users.all()
    return next((one for one in everybody if one.agent_id == agent.id and not one.closed), None)


def _rows(context: Context) -> list[Row]:
    agents = context.services.daemon.agents
    rows = [Row(agent.extension, agent, _account(context, agent)) for agent in agents.all()]
    taken = {row.extension for row in rows}
    rows += [Row(free) for free in {agent.extension for agent in agents.left()} - taken]
    return sorted(rows, key=lambda row: (len(row.extension), row.extension))


def _page(context: Context, typed: RowForm | None = None, status: int = 200) -> web.StreamResponse:
    closed = [id for id in context.request.query.get("closed", "").split(",") if id]
    agents = context.services.daemon.agents
    gone = [agent for id in closed if (agent := agents.by_id(id)) is not None and agent.closed]
    return context.render(
        "users/extensions.html",
        status=status,
        gone=gone,
        roles=roles(context),
        lines=[(row, _shown(row, typed)) for row in (*_rows(context), None)],
        wrong=typed.row if typed is not None else "",
    )


def _shown(row: Row | None, typed: RowForm | None) -> RowForm:
    """What stands in a line: what was typed into it and could not be kept, else what is so."""
    key = row.key if row is not None else NEW
    if typed is not None and typed.row == key:
        return typed
    if row is None:
        return RowForm(row=key)
    user, name = row.user, row.agent.name if row.agent is not None else ""
    if user is None:
        return RowForm(row=key, extension=row.extension, name=name)
    return RowForm(
        row=key,
        extension=row.extension,
        line=user.line,
        login=user.login,
        name=name,
        role=user.role,
    )
