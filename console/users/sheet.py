"""All accounts as a file; no passwords, and no rights."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from console.lists.export import Sheet, Values, at_once, exported
from console.lists.model import Column
from console.users.manage import roles
from console.users.queries import User
from console.web.context import Context
from console.web.i18n import msgid

COLUMNS = (
    Column("login", msgid("Login name")),
    Column("name", msgid("Name")),
    Column("role", msgid("Role")),
    Column("department", msgid("Department")),
    Column("title", msgid("Job title")),
    Column("rank", msgid("Rank")),
    Column("extension", msgid("Extension")),
    Column("line", msgid("Line number")),
    Column("joined", msgid("Joined on")),
    Column("left", msgid("Left on")),
    Column("emergency", msgid("In an emergency call")),
    Column("state", msgid("State")),
)


async def export(context: Context) -> web.StreamResponse:
    """Everybody, who has left too, as Excel."""
    sheet = Sheet("users", msgid("Accounts"), COLUMNS, _values(context))
    return await exported(context, sheet, at_once(context.services.users.all()))


def _values(context: Context) -> Values[User]:
    text, daemon, words = context.language.text, context.services.daemon, roles(context)
    extensions = {one.id: one.extension for one in daemon.agents.all()}
    return {
        "login": lambda user: user.login,
        "name": lambda user: user.name,
        "role": lambda user: words[user.role.value],
        "department": lambda user: user.department,
        "title": lambda user: user.title,
        "rank": lambda user: user.rank,
        "extension": lambda user: extensions.get(user.agent_id, ""),
        "line": lambda user: daemon.plan.display(user.line),
        "joined": lambda user: _day(user.joined_on),
        "left": lambda user: _day(user.left_on),
        "emergency": lambda user: user.emergency,
        "state": lambda user: text("account closed") if context.services.users.gone(user) else "",
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
