"""Whose things a right reaches: one's own, those of one's team, everybody's.

A team is who shares one's department or one of one's waiting queues.
"""

from __future__ import annotations

from console.users.queries import User
from console.web.context import Context
from console.web.permissions import Action, Scope

NOBODY = "nobody"  # no agent's id: an account without an extension has no calls


def people(context: Context, menu: str, action: Action = Action.VIEW) -> tuple[User, ...] | None:
    """The accounts whose things are meant; None: everybody's."""
    scope, me = context.viewer.scope(menu, action), context.viewer.user
    if scope is Scope.ALL:
        return None
    return (me, *_mates(context, me)) if scope is Scope.TEAM else (me,)


def agents(context: Context, menu: str, action: Action = Action.VIEW) -> tuple[str, ...] | None:
    """The agents whose calls or recordings are meant; None: everybody's."""
    found = people(context, menu, action)
    if found is None:
        return None
    return tuple(one.agent_id for one in found if one.agent_id) or (NOBODY,)


def _mates(context: Context, me: User) -> list[User]:
    daemon = context.services.daemon
    agent = daemon.agents.by_id(me.agent_id) if me.agent_id else None
    extensions = daemon.queues.mates(agent) if agent is not None else frozenset()
    sits = {one.id for one in daemon.agents.all() if one.extension in extensions}
    return [
        one
        for one in context.services.users.all()
        if one.id != me.id
        and (one.agent_id in sits or (me.department and one.department == me.department))
    ]
