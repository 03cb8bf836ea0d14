"""National and business numbers: checked, encrypted at rest, shown masked (design §6).

What the store keeps is a token `mask:ciphertext`; the key is a file beside the database, never in
it. To find a customer by his whole number there is a keyed hash (HMAC-SHA256) of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from stdnum.tw import ubn

from pbxd.errors import ConfigError, InvalidInput
from pbxd.recordings.sealed import read_key

KEY_NAME = "personal.key"
_NONCE = 12
_RRN = re.compile(r"\d{13}")
_TAIWAN = re.compile(r"[A-Z][1289A-D]\d{8}")
_TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # A is 10, B 11 …: in this order
_RANDOM_SINCE = date(2020, 10, 1)  # Korea's numbers have no check digit any more


def key_in(directory: Path, configured: Path | None) -> bytes:
    """The office's key, made at the first start. Raises ConfigError."""
    file = configured or directory / KEY_NAME
    if configured is None and not file.exists():
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as out:
            out.write(secrets.token_hex(32) + "\n")
            out.flush()
            os.fsync(out.fileno())
    key = read_key(file)
    if key is None:
        raise ConfigError(str(file), "personal_key", "cannot be read")
    return key


class Personal:
    """Seals and opens; one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(hashlib.sha256(b"seal" + key).digest())
        self._mark_key = hashlib.sha256(b"mark" + key).digest()

    def __reduce__(self) -> tuple[type[Personal], tuple[bytes]]:
        """For a process of ours; a cipher itself cannot be sent."""
        return Personal, (self._key,)

    def seal(self, number: str, mask: str) -> str:
        """The token of a number."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, number.encode(), mask.encode())
        return f"{mask}:{base64.b64encode(sealed).decode()}"

    def open(self, token: str) -> str:
        """The number; "" of "". Raises InvalidInput: sealed with another key."""
        if not token:
            return ""
        mask, _, text = token.rpartition(":")
        sealed = base64.b64decode(text)
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], mask.encode()).decode()
        except InvalidTag:
            raise InvalidInput(
                "personal-key",
                "This number was encrypted with another key. Ask who keeps the system for"
                " personal.key of that time.",
            ) from None

    def mark(self, number: str) -> str:
        """By which the whole number is found."""
        if not number:
            return ""
        return hmac.new(self._mark_key, number.encode(), hashlib.sha256).hexdigest()[:32]


def mask_of(token: str) -> str:
    """What everybody may see: `900101-1******`."""
    return token.rpartition(":")[0]


def national_id(text: str, country: str, *, anyway: bool = False) -> tuple[str, str]:
    """(number, its mask). Raises InvalidInput unless it can be right (`anyway`: only its form)."""
    bare = re.sub(r"[\s-]", "", text).upper()
    if country == "TW":
        if not _TAIWAN.fullmatch(bare):
            raise InvalidInput(
                "national-id-form-tw",
                "A letter and nine digits, like A123456789.",
                field="national_id",
            )
        if not anyway and not _taiwan_right(bare):
            raise _wrong("national_id")
        return bare, f"{bare[:4]}******"
    if not _RRN.fullmatch(bare):
        raise InvalidInput(
            "national-id-form-kr", "Thirteen digits, like 900101-1234567.", field="national_id"
        )
    born = _born(bare)
    if born is None:
        raise InvalidInput(
            "national-id-day", "The first digits are no birthday.", field="national_id"
        )
    if not anyway and born < _RANDOM_SINCE and not _korean_right(bare):
        raise _wrong("national_id")
    return bare, f"{bare[:6]}-{bare[6]}******"


def business_number(text: str, country: str, *, anyway: bool = False) -> tuple[str, str]:
    """(number, its mask). Raises InvalidInput."""
    bare = re.sub(r"[\s-]", "", text)
    digits, example = (8, "04595257") if country == "TW" else (10, "220-81-62517")
    if not re.fullmatch(rf"\d{{{digits}}}", bare):
        raise InvalidInput(
            "business-number-form",
            "{digits} digits, like {example}.",
            field="business_number",
            digits=digits,
            example=example,
        )
    right = ubn.is_valid(bare) if country == "TW" else _office_right(bare)
    if not anyway and not right:
        raise _wrong("business_number")
    if country == "TW":
        return bare, f"{bare[:4]}****"
    return bare, f"{bare[:3]}-{bare[3:5]}-*****"


def _wrong(field: str) -> InvalidInput:
    return InvalidInput(
        "check-digit",
        "The check digit does not fit: a digit is wrong. Tick “keep it as it is” if the number is"
        " really so.",
        field=field,
    )


def _born(bare: str) -> date | None:
    century = {"9": 1800, "0": 1800, "1": 1900, "2": 1900, "5": 1900, "6": 1900}.get(bare[6], 2000)
    try:
        return date(century + int(bare[:2]), int(bare[2:4]), int(bare[4:6]))
    except ValueError:
        return None


def _korean_right(bare: str) -> bool:
    total = sum(
        int(digit) * weight
        for digit, weight in zip(bare, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False)
    )
    foreign = bare[6] in "5678"
    return ((13 if foreign else 11) - total % 11) % 10 == int(bare[12])


def _office_right(bare: str) -> bool:
    """Korea's business numbers (the library checks only their form)."""
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(int(digit) * weight for digit, weight in zip(bare, weights, strict=False))
    return (10 - (total + int(bare[8]) * 5 // 10) % 10) % 10 == int(bare[9])


def _taiwan_right(bare: str) -> bool:
    first = _TAIWAN_LETTERS.index(bare[0]) + 10
    second = int(bare[1]) if bare[1].isdigit() else _TAIWAN_LETTERS.index(bare[1])
    digits = [first // 10, first % 10, second, *(int(one) for one in bare[2:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d % 10 * w for d, w in zip(digits, weights, strict=True)) % 10 == 0
