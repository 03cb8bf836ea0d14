"""National and business numbers: right ones, wrong ones, sealed and marked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.customers import personal
from console.customers.personal import Personal, key_in, mask_of
from pbxd.errors import ConfigError, InvalidInput


def test_right_ones() -> None:
    assert personal.national_id("A123456789", "TW") == ("A123456789", "A123******")
    assert personal.business_number("220-81-62517", "KR") == ("2208162517", "220-81-*****")
    assert personal.business_number("04595257", "TW")[1] == "0459****"
    # since October 2020 the last digits are drawn by lot: nothing to check
    assert personal.national_id("210101-3000000", "KR")[1] == "210101-3******"
    number = next(
        f"900101123456{digit}"
        for digit in range(10)
        if not _refused("national_id", f"900101123456{digit}", "KR")
    )
    assert personal.national_id(number, "KR")[1] == "900101-1******"


def _refused(word: str, text: str, country: str) -> bool:
    try:
        getattr(personal, word)(text, country)
    except InvalidInput:
        return True
    return False


def test_each_wrong_check_digit_is_seen() -> None:
    assert sum(not _refused("national_id", f"900101123456{d}", "KR") for d in range(10)) == 1
    assert sum(not _refused("national_id", f"A12345678{d}", "TW") for d in range(10)) == 1
    assert sum(not _refused("business_number", f"220816251{d}", "KR") for d in range(10)) == 1


@pytest.mark.parametrize(
    ("word", "text", "country", "id"),
    [
        ("national_id", "12345", "KR", "national-id-form-kr"),
        ("national_id", "991399-1234567", "KR", "national-id-day"),
        ("national_id", "1123456789", "TW", "national-id-form-tw"),
        ("national_id", "A123456780", "TW", "check-digit"),
        ("business_number", "123", "KR", "business-number-form"),
        ("business_number", "220-81-62518", "KR", "check-digit"),
    ],
)
def test_wrong_ones_say_why(word: str, text: str, country: str, id: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        getattr(personal, word)(text, country)
    assert (refusal.value.id, refusal.value.field) == (id, word)
    if id == "check-digit":  # numbers that were given anew do not fit: the person decides
        assert getattr(personal, word)(text, country, anyway=True)


def test_sealed_differently_each_time_found_by_one_mark() -> None:
    office, other = Personal(os.urandom(32)), Personal(os.urandom(32))
    one, two = (office.seal("9001011234567", "900101-1******") for _ in range(2))
    assert one != two
    assert "1234567" not in one
    assert mask_of(one) == "900101-1******"
    assert office.open(one) == office.open(two) == "9001011234567"
    assert office.mark("9001011234567") == office.mark("9001011234567")
    assert office.mark("9001011234567") != other.mark("9001011234567")
    with pytest.raises(InvalidInput):
        other.open(one)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = key_in(tmp_path, None)
    assert key_in(tmp_path, None) == key
    file = tmp_path / personal.KEY_NAME
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("short")
    with pytest.raises(ConfigError):
        key_in(tmp_path, None)
