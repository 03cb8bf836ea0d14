"""Settings of a pbxd that listens where nobody else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pbxd.config import Settings


def on_loopback(folder: Path) -> Settings:
    """Its data are in `folder`; ports are free ones; there is no PBX."""
    free = {"port": 0}
    values: dict[str, Any] = {"store": {"directory": folder}, "console": free, "agi": free}
    return Settings(**values)
