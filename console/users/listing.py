"""All accounts in the order that is asked for."""

from __future__ import annotations

from datetime import date

from console.lists.forms import SortedQuery
from console.lists.memory import Orders, in_order
from console.users.queries import User
from console.web.context import Context
from console.web.permissions import Role


def roles(context: Context) -> dict[str, str]:
    """The reader's words for them."""
    text = context.language.text
    return {
        "admin": text("Administrator"),
        "supervisor": text("Supervisor"),
        "user": text("Agent"),
        "guest": text("Guest"),
    }


def extensions_of(context: Context) -> dict[str, str]:
    """By agent."""
    return {agent.id: agent.extension for agent in context.services.daemon.agents.all()}


def accounts(context: Context, query: SortedQuery) -> tuple[str, list[User]]:
    """By what they are sorted, and they."""
    users = context.services.users
    return in_order(users.all(), query.sort, _orders(context), "login")


def _orders(context: Context) -> Orders[User]:
    extensions, order = extensions_of(context), list(Role)
    return {
        "login": lambda user: user.login,
        "name": lambda user: user.name,
        "role": lambda user: order.index(user.role),
        "department": lambda user: user.department,
        "title": lambda user: user.title,
        "rank": lambda user: user.rank,
        "extension": lambda user: extensions.get(user.agent_id),
        "line": lambda user: user.line,
        "joined": lambda user: _day(user.joined_on),
        "left": lambda user: _day(user.left_on),
        "emergency": lambda user: user.emergency,
        "state": lambda user: "closed" if context.services.users.gone(user) else "",
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
