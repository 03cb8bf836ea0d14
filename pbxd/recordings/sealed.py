"""Recordings encrypted on the disk, readable from any second. Blocking.

A file is a header and parts of 64 KiB, each sealed by itself (AES-256-GCM, NIST SP 800-38D): a part
that was changed, moved, or is another file's does not open. The last part says that it is the
last, so that a file that was cut short does not open either.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pbxd.errors import ConfigError, NotFound

ENDING = ".sealed"
MAGIC = b"pbxdrec1"
PART = 64 * 1024
TAG = 16
_SALT = 8  # of the nonce; the part's number is the rest
_HEADER = len(MAGIC) + _SALT
KEY_BYTES = 32


def read_key(file: Path | None) -> bytes | None:
    """64 hexadecimal digits. Raises ConfigError; None: no file, no key."""
    if file is None:
        return None
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except OSError as problem:
        raise ConfigError(
            str(file), "recordings_key", f"cannot be read: {problem.strerror}"
        ) from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError(
            str(file), "recordings_key", "must hold 64 hexadecimal digits (openssl rand -hex 32)"
        )
    return key


def seal(plain: Path, out: Path, key: bytes) -> None:
    """Write `out`; it is whole, on the disk, or not there."""
    cipher, salt = AESGCM(key), secrets.token_bytes(_SALT)
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with plain.open("rb") as source, unfinished.open("wb") as target:
            target.write(MAGIC + salt)
            number, part = 0, source.read(PART)
            while True:
                following = source.read(PART)
                last = not following
                target.write(cipher.encrypt(_nonce(salt, number), part, _label(last)))
                if last:
                    break
                number, part = number + 1, following
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def size(file: Path) -> int:
    """Of what is inside, in bytes."""
    whole = file.stat().st_size - _HEADER
    return whole - -(-whole // (PART + TAG)) * TAG


def opened(file: Path, key: bytes | None, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` to before `stop`. Raises NotFound: the key does not open it."""
    if key is None:
        raise _closed()
    cipher, end = AESGCM(key), size(file)
    parts = -(-end // PART) or 1
    with file.open("rb") as source:
        header = source.read(_HEADER)
        if not header.startswith(MAGIC):
            raise _closed()
        salt = header[len(MAGIC) :]
        for number in range(start // PART, -(-min(stop, end) // PART)):
            source.seek(_HEADER + number * (PART + TAG))
            try:
                part = cipher.decrypt(
                    _nonce(salt, number), source.read(PART + TAG), _label(number == parts - 1)
                )
            except InvalidTag:
                raise _closed() from None
            begin = number * PART
            yield part[max(0, start - begin) : max(0, stop - begin)]


def _nonce(salt: bytes, number: int) -> bytes:
    return salt + number.to_bytes(4, "big")


def _label(last: bool) -> bytes:
    return b"last" if last else b"more"


def _closed() -> NotFound:
    return NotFound(
        "recording-sealed",
        "This recording cannot be opened: the key of recordings is missing or another one.",
    )
