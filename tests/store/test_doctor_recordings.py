"""Doctor tells a recording without its file from a file without its recording."""

from __future__ import annotations

from pathlib import Path

from pbxd.app import Daemon
from pbxd.doctor.finding import Level
from pbxd.doctor.recordings import recordings
from tests.store.test_recordings import clock, daemon, kept, raw

__all__ = ["clock", "daemon"]


async def test_disk_and_database_are_compared(daemon: Daemon, tmp_path: Path) -> None:
    settings = daemon.settings
    raw(tmp_path, 1, "1.1", 500)
    raw(tmp_path, 1, "1.2", 500)
    await daemon.recordings.take()
    assert [one.level for one in await recordings(settings)] == [Level.OK]
    first, _ = await kept(daemon)
    path = daemon.recordings.path(first)
    path.rename(path.with_name("nobody.opus"))
    found = await recordings(settings)
    assert [one.level for one in found] == [Level.ERROR, Level.WARNING]
    assert first.file in found[0].what
    assert "nobody.opus" in found[1].what
    aside = tmp_path / "spool" / "unreadable"
    aside.mkdir()
    (aside / "rec-1.3_1.raw").touch()
    assert "rec-1.3_1.raw" in (await recordings(settings))[-1].what
