"""Settings: a wrong value stops the start and names file, key and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxd.config import load
from pbxd.errors import ConfigError


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "pbxd.toml"
    file.write_text(text, "utf-8")
    return file


def test_without_a_file_the_defaults_hold_and_no_pbx_is_configured(tmp_path: Path) -> None:
    settings = load(tmp_path / "absent.toml")
    assert settings.pbx.host == ""
    assert settings.office.time_zone == "Asia/Seoul"


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[pbx]\nport = 70000", "pbx.port", "65535"),
        ("[pbx]\nprot = 5038", "pbx.prot", "no such setting"),
        ("[office]\ntime_zone = 'Asia/Soul'", "office.time_zone", "no such time zone"),
        ("[office]\ncountry = 'JP'", "office.country", "'KR' or 'TW'"),
        ("[pbx", "(syntax)", "end of document"),
    ],
)
def test_a_wrong_value_names_file_key_and_reason(
    tmp_path: Path, text: str, key: str, reason: str
) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert caught.value.file == str(file)
    assert caught.value.key == key
    assert reason in caught.value.reason


def test_the_environment_wins_and_is_named_when_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, "[pbx]\nport = 5038")
    monkeypatch.setenv("PBXD_PBX__PORT", "5039")
    assert load(file).pbx.port == 5039
    monkeypatch.setenv("PBXD_PBX__PORT", "many")
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert "PBXD_PBX__PORT" in caught.value.file


def test_a_secret_never_shows_in_an_error_or_a_print(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "[pbx]\nsecret = 'hush-hush'"))
    assert "hush-hush" not in repr(settings)
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, "[pbx]\nsecret = ['hush-hush']"))
    assert "hush-hush" not in str(caught.value)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "[store]\ndirectory = 'data'"))
    assert settings.store.directory == tmp_path / "data"
