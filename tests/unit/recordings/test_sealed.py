"""Sealed recordings open from any byte, with their key, whole."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxd.errors import ConfigError, NotFound
from pbxd.recordings.sealed import PART, TAG, opened, read_key, seal, size

KEY = bytes(range(32))
CONTENT = secrets.token_bytes(2 * PART + 500)


def sealed(folder: Path, content: bytes) -> Path:
    plain, out = folder / "plain", folder / "a.opus.sealed"
    plain.write_bytes(content)
    seal(plain, out, KEY)
    assert list(folder.glob("*.part")) == []
    return out


@pytest.mark.parametrize("length", [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 7])
def test_any_length(tmp_path: Path, length: int) -> None:
    content = secrets.token_bytes(length)
    file = sealed(tmp_path, content)
    assert size(file) == length
    assert b"".join(opened(file, KEY, 0, length)) == content
    assert content[:64] not in file.read_bytes() or length == 0 or length < 8


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sealed(tmp_path_factory.mktemp("sealed"), CONTENT)


@settings(max_examples=60)
@given(
    start=st.integers(0, len(CONTENT)),
    stop=st.integers(0, len(CONTENT) + PART),
)
def test_any_range(one: Path, start: int, stop: int) -> None:
    assert b"".join(opened(one, KEY, start, stop)) == CONTENT[start:stop]


def test_another_key_or_none(one: Path) -> None:
    for key in (None, bytes(32)):
        with pytest.raises(NotFound, match="key"):
            list(opened(one, key, 0, 10))


def test_what_was_changed_does_not_open(tmp_path: Path) -> None:
    file = sealed(tmp_path, CONTENT)
    whole = file.read_bytes()
    first, second = slice(16, 16 + PART + TAG), slice(16 + PART + TAG, 16 + 2 * (PART + TAG))
    changed = {
        "a byte": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        "cut short": whole[: 16 + PART + TAG],
        "parts in another order": whole[:16] + whole[second] + whole[first] + whole[second.stop :],
        "not ours": b"OggS" + whole[4:],
    }
    for content in changed.values():
        file.write_bytes(content)
        with pytest.raises(NotFound):
            list(opened(file, KEY, 0, len(CONTENT)))


@pytest.mark.parametrize("text", ["", "xyz", "00" * 31, "00" * 33])
def test_a_key_that_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.write_text(text)
    with pytest.raises(ConfigError, match="64 hexadecimal"):
        read_key(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_key(tmp_path / "nowhere")
    assert read_key(None) is None
