"""Whose recordings somebody may hear or take along."""

from __future__ import annotations

from console.web.context import Context
from console.web.permissions import Action, Scope
from pbxd.errors import NotAllowed
from pbxd.recordings.model import Recording


def agents_of(context: Context, action: Action = Action.VIEW) -> tuple[str, ...] | None:
    """The agents whose recordings are meant; None: everybody's."""
    scope = context.viewer.scope("recordings", action)
    if scope >= Scope.ALL:
        return None
    mine = context.viewer.user.agent_id or "nobody"
    if scope is Scope.TEAM:
        daemon = context.services.daemon
        agent = daemon.agents.by_id(mine)
        mates = daemon.queues.mates(agent) if agent is not None else frozenset()
        return (mine, *(one.id for one in daemon.agents.all() if one.extension in mates))
    return (mine,)


async def permitted(context: Context, action: Action = Action.VIEW) -> Recording:
    """The one that the address names. Raises NotFound, NotAllowed."""
    recording = await context.services.daemon.recordings.get(context.request.match_info["id"])
    agents = agents_of(context, action)
    if agents is not None and recording.agent_id not in agents:
        raise NotAllowed("not-your-recording", "This recording is somebody else's.")
    return recording
