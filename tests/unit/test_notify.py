"""What systemd hears."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pbxd.notify import Notifier


def test_ready_alive_and_stopping_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        monkeypatch.setenv("WATCHDOG_USEC", "30000000")
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        notifier = Notifier.from_env()
        assert notifier.watchdog_interval_s == 15
        notifier.ready()
        notifier.watchdog()
        notifier.stopping()
        heard = [systemd.recv(100) for _ in range(3)]
    assert heard == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]
    notifier.ready()  # systemd is gone: nothing happens


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    notifier = Notifier.from_env()
    notifier.ready()
    assert notifier.watchdog_interval_s == 0
