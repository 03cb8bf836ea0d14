"""Tells systemd how we are (sd_notify): ready, alive, stopping. Nothing happens without systemd."""

from __future__ import annotations

import os
import socket
from typing import Self


class Notifier:
    """Speaks to the datagram socket that systemd names."""

    def __init__(self, address: str = "", watchdog_us: int = 0) -> None:
        self._address = address
        self._watchdog_us = watchdog_us

    @classmethod
    def from_env(cls) -> Self:
        """As systemd has set it up for this process."""
        mine = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = os.environ.get("WATCHDOG_USEC", "")
        return cls(
            os.environ.get("NOTIFY_SOCKET", ""), int(usec) if usec.isdecimal() and mine else 0
        )

    @property
    def watchdog_interval_s(self) -> float:
        """How often to beat: half of what systemd waits; 0 when it does not wait."""
        return self._watchdog_us / 2_000_000

    def ready(self) -> None:
        """Start-up is done."""
        self._say("READY=1")

    def watchdog(self) -> None:
        """Still alive."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Shutting down in an orderly way."""
        self._say("STOPPING=1")

    def _say(self, message: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            try:
                channel.sendto(message.encode(), address)
            except OSError:
                return  # systemd is gone or was never there: no reason to stop
