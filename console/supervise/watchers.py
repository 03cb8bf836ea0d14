"""Of the supervisors at an agent's call, those whom the agent is shown."""

from __future__ import annotations

from pbxd.app import Daemon
from pbxd.supervise.rules import shown_to_agent


def seen_watchers(daemon: Daemon, key: str, extension: str) -> tuple[tuple[str, str], ...]:
    """Name and mode of each supervisor whom the agent at `extension` may see at call `key`."""
    shown = daemon.settings.desk.show_listening
    found = []
    for session in daemon.supervision.sessions(key):
        if session.watched == extension and shown_to_agent(session.mode, shown):
            supervisor = daemon.agents.by_id(session.supervisor_id)
            found.append((supervisor.name if supervisor else "", session.mode.value))
    return tuple(found)
