"""All accounts as a file; no passwords, and no rights."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from console.lists.export import Sheet, Values, at_once, exported
from console.lists.forms import SortedQuery
from console.users.columns import COLUMNS, LIST
from console.users.listing import accounts, extensions_of, roles
from console.users.queries import User
from console.web.context import Context
from console.web.i18n import msgid


async def export(context: Context) -> web.StreamResponse:
    """Everybody, who has left too, as Excel."""
    query = context.query(SortedQuery)
    _, rows = accounts(context, query)
    sheet = Sheet(LIST, msgid("Accounts"), COLUMNS, _values(context))
    return await exported(context, sheet, at_once(rows), query.link())


def _values(context: Context) -> Values[User]:
    text, daemon, words = context.language.text, context.services.daemon, roles(context)
    extensions = extensions_of(context)
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
