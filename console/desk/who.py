"""Who telephones: the agent behind a request."""

from __future__ import annotations

from console.web.context import Context
from pbxd.agents.model import Agent
from pbxd.errors import NotAllowed


def agent_or_none(context: Context) -> Agent | None:
    """The viewer's agent, while he works here."""
    agent = context.services.daemon.agents.by_id(context.viewer.user.agent_id)
    return None if agent is None or agent.closed else agent


def agent_of(context: Context) -> Agent:
    """The viewer's agent. Raises NotAllowed for an account without an extension."""
    agent = agent_or_none(context)
    if agent is None:
        raise NotAllowed("no-extension", "Your account has no extension, so it has no phone.")
    return agent
