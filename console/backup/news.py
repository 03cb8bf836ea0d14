"""Says in the menu that a backup runs (S1-40) or failed, and keeps the pages true."""

from __future__ import annotations

from dataclasses import dataclass

from console.live.parts import Parts, Rows
from console.live.stream import LiveHub, who_may
from pbxd.app import Daemon
from pbxd.events import BackupsChanged

BADGE = "backup-badge"


@dataclass(frozen=True, slots=True)
class Badge:
    """What the menu says."""

    running: bool
    failed: bool


class BackupNews:
    """Listens for backups."""

    def __init__(self, daemon: Daemon, hub: LiveHub, parts: Parts) -> None:
        self._daemon = daemon
        self._hub = hub
        self._parts = parts
        parts.add_for_all(BADGE, "settings", self._rows, self._badge)
        daemon.bus.subscribe(BackupsChanged, lambda event: self._changed())

    def _badge(self) -> Badge:
        backups = self._daemon.backups
        return Badge(backups.running_since is not None, bool(backups.problem))

    def _rows(self, code: str) -> Rows:
        badge = self._badge()
        if not badge.running and not badge.failed:
            return {}
        return {"badge": self._parts.row(code, "backup/badge.html", badge)}

    def _changed(self) -> None:
        self._parts.changed(BADGE)
        self._hub.send(who_may("settings"), {"kind": "backups"})
