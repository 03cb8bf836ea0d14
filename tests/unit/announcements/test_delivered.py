"""The delivered announcements as files; what is there stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxd.announcements import delivered
from pbxd.announcements.texts import texts


def test_all_are_written_once_and_own_files_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivered, "NUMBERS", {"7": "7"})
    own = tmp_path / "ko" / "digits" / "7.gsm"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"Asterisk's own")
    assert delivered.write(tmp_path) == 3 * len(texts()) + 2
    assert not (tmp_path / "ko" / "digits" / "7.wav").exists()
    assert (tmp_path / "en" / "digits" / "7.wav16").exists()
    assert (tmp_path / "ko" / "pbxd" / "limit-end.wav").stat().st_size > 8000
    assert delivered.write(tmp_path) == 0
