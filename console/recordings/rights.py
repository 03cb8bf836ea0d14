"""Whose recordings somebody may hear or take along."""

from __future__ import annotations

from console.users.reach import agents
from console.web.context import Context
from console.web.permissions import Action
from pbxd.errors import NotAllowed
from pbxd.recordings.model import Recording


def agents_of(context: Context, action: Action = Action.VIEW) -> tuple[str, ...] | None:
    """The agents whose recordings are meant; None: everybody's."""
    return agents(context, "recordings", action)


async def permitted(context: Context, action: Action = Action.VIEW) -> Recording:
    """The one that the address names. Raises NotFound, NotAllowed."""
    recording = await context.services.daemon.recordings.get(context.request.match_info["id"])
    whose = agents_of(context, action)
    if whose is not None and recording.agent_id not in whose:
        raise NotAllowed("not-your-recording", "This recording is somebody else's.")
    return recording
