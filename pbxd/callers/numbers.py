"""Telephone numbers of Korea and Taiwan: read as people write them, kept in one form.

Kept as E.164 (`+821012345678`), or as it is dialled where E.164 has no place for it (extensions,
112, 1588-0000 is `+8215880000`). phonenumbers knows the plan; what it shows or takes wrongly
(safety numbers 050x, short codes, Taiwan's hyphens) is put right here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat

from pbxd.callers.display import national
from pbxd.errors import InvalidInput

Country = Literal["KR", "TW"]

_DIAL_CODES = {"KR": "82", "TW": "886"}
_EMERGENCY = {
    "KR": frozenset({"111", "112", "113", "117", "118", "119", "122", "125", "127", "182"}),
    "TW": frozenset({"110", "112", "113", "117", "118", "119", "165", "166", "167", "168"}),
}
_SHORT = {
    "KR": re.compile(r"1(?:0[0-9]|1[0-9]|2[0-9]|3[0-9]{1,3}|[4-9][0-9])"),
    "TW": re.compile(r"1(?:0[0-9]|1[0-9]|2[0-9]|[3-9][0-9]{1,2})"),
}
# Dialled as they are from anywhere: no area code belongs before them
_AREALESS = {"KR": re.compile(r"1[568]\d{6}"), "TW": re.compile(r"4(?:12|49)\d{4}")}
_ABROAD = ("+", "002", "001", "00")  # what is dialled before a country code
_WITHHELD = frozenset(
    {"", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "asterisk"}
)
# Digits with what people put between them; a run is one number
_RUN = re.compile(r"\+?[0-9(][0-9()\-.\s]*[0-9]|[0-9]")
_NO_DIGIT = re.compile(r"[^0-9]+")
# what no telephone number has beside it: letters that touch digits, signs of a dial string
_NOT_A_NUMBER = re.compile(r"[A-Za-z][0-9]|[0-9][A-Za-z]|[&@;<>{}$|\\/]")


class NumberKind(StrEnum):
    """What a number is good for."""

    EXTENSION = "extension"
    LANDLINE = "landline"
    MOBILE = "mobile"
    REPRESENTATIVE = "representative"  # 15xx, 16xx, 18xx: calls only, no messages
    SAFETY = "safety"  # 050x: a mask that is given to others later; never bound to a customer
    INTERNET = "internet"
    FREE = "free"
    EMERGENCY = "emergency"
    SHORT = "short"
    PREMIUM = "premium"
    INTERNATIONAL = "international"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


_FEW_DIGITS = frozenset({NumberKind.EXTENSION, NumberKind.SHORT, NumberKind.EMERGENCY})


@dataclass(frozen=True, slots=True)
class Number:
    """`e164` is the one form that is stored, compared and searched."""

    e164: str
    kind: NumberKind


class NumberPlan:
    """The plan of one office: its country and its own area code (S1-25)."""

    def __init__(self, country: Country, area_code: str, extension_digits: str = "2-4") -> None:
        self._country = country
        self._area = area_code
        self._code = _DIAL_CODES[country]
        low, _, high = extension_digits.partition("-")
        self._extension = re.compile(rf"[1-9][0-9]{{{int(low) - 1},{int(high or low) - 1}}}")

    @property
    def country(self) -> Country:
        """Whose rules hold."""
        return self._country

    @property
    def prefix(self) -> str:
        """`+82`: how stored numbers of this country begin."""
        return f"+{self._code}"

    def parse(self, text: str) -> Number:
        """The one number in what was typed or pasted. Raises InvalidInput."""
        plain = _plain(text)
        if not plain:
            raise InvalidInput("number-empty", "Enter a telephone number.", field="number")
        runs = [run for run in _RUN.findall(plain) if any(char.isdigit() for char in run)]
        if not runs or _NOT_A_NUMBER.search(plain):
            raise self._nonsense(text)
        found = {self._read(_digits(run)) for run in runs}
        good = {number for number in found if number.kind is not NumberKind.UNKNOWN}
        if len(good) > 1:  # "12월 3일 010-…": the short ones are something else
            good = {number for number in good if number.kind not in _FEW_DIGITS} or good
        if len(good) > 1:
            raise InvalidInput(
                "number-several",
                "There is more than one number in “{text}”; leave only one.",
                field="number",
                text=text.strip()[:60],
            )
        if not good:
            raise self._nonsense(text)
        return good.pop()

    def normalise(self, raw: str) -> str:
        """The stored form of a caller ID as the network gives it; "" when withheld. Never raises.

        What is no number of any plan stays as its digits: a wrong number is better than none.
        """
        return self.classify(raw).e164

    def classify(self, raw: str) -> Number:
        """Number and kind of a caller ID as the network gives it. Never raises."""
        plain = _plain(raw)
        if plain.lower() in _WITHHELD:
            return Number("", NumberKind.WITHHELD)
        digits = _digits(plain)
        if not digits.strip("+"):
            return Number("", NumberKind.WITHHELD)
        return self._read(digits)

    def display(self, number: str) -> str:
        """As people here write it: `02-555-0100`, `0505-123-4567`, `(02) 2345-6789`."""
        prefix = f"+{self._code}"
        if number.startswith(prefix):
            return national(self._country, number.removeprefix(prefix))
        if not number.startswith("+"):
            return number
        try:
            parsed = phonenumbers.parse(number, None)
        except phonenumbers.NumberParseException:
            return number
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)

    def dial_string(self, number: Number) -> str:
        """What the PBX dials: national digits, an extension, a short code."""
        prefix = f"+{self._code}"
        if not number.e164.startswith(prefix):
            return number.e164
        rest = number.e164.removeprefix(prefix)
        return rest if number.kind is NumberKind.REPRESENTATIVE else f"0{rest}"

    def _read(self, digits: str) -> Number:
        if digits in _EMERGENCY[self._country]:
            return Number(digits, NumberKind.EMERGENCY)
        if self._extension.fullmatch(digits):
            # 1xx: the public short codes win over extensions of the same digits only when they
            # are emergencies (above); an office's own 101 must be dialable
            return Number(digits, NumberKind.EXTENSION)
        if _SHORT[self._country].fullmatch(digits):
            return Number(digits, NumberKind.SHORT)
        own = self._own(digits)
        if own is not None:
            return own
        return self._foreign(digits)

    def _own(self, digits: str) -> Number | None:
        """A number of our country, in whatever way it begins."""
        rest = self._national(digits)
        if rest is None:
            return None
        kind = _kind(self._country, rest)
        if kind is NumberKind.UNKNOWN:
            return None
        return Number(f"+{self._code}{rest}", kind)

    def _national(self, digits: str) -> str | None:
        """Without country code and trunk zero; None when it is another country's."""
        for prefix in _ABROAD:
            if digits.startswith(prefix + self._code):
                return digits.removeprefix(prefix + self._code).removeprefix("0")
        if digits.startswith(("+", "00")):
            return None
        # Taiwan's mobiles put an area code before 412-8888
        bare = digits.removeprefix("02") if self._country == "TW" else digits
        if _AREALESS[self._country].fullmatch(bare):
            return bare
        if digits.startswith("0"):
            return digits[1:]
        if len(digits) > 9 and digits.startswith(self._code):
            return digits.removeprefix(self._code).removeprefix("0")
        # no area code: it is our own area's
        return f"{self._area.removeprefix('0')}{digits}" if len(digits) in (7, 8) else digits

    def _foreign(self, digits: str) -> Number:
        for prefix in _ABROAD:
            if digits.startswith(prefix + self._code):
                break  # +82 and no number of ours: wrong, not abroad
            if digits.startswith(prefix):
                try:
                    parsed = phonenumbers.parse(f"+{digits.removeprefix(prefix)}", None)
                except phonenumbers.NumberParseException:
                    break
                if phonenumbers.is_possible_number(parsed):
                    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
                    return Number(e164, NumberKind.INTERNATIONAL)
        return Number(digits, NumberKind.UNKNOWN)

    @staticmethod
    def _nonsense(text: str) -> InvalidInput:
        return InvalidInput(
            "number-form",
            "“{text}” is not a telephone number. Enter one such as 010-1234-5678.",
            field="number",
            text=text.strip()[:60],
        )


def _plain(text: str) -> str:
    """Half-width, with plain hyphens, and without the invisible marks that address books add."""
    if text.isascii():
        return text.strip()
    composed = unicodedata.normalize("NFKC", text)
    return "".join(
        "-" if unicodedata.category(char) == "Pd" else char
        for char in composed
        if unicodedata.category(char) != "Cf"
    ).strip()


def _digits(text: str) -> str:
    plus = "+" if text.lstrip(" (").startswith("+") else ""
    return plus + _NO_DIGIT.sub("", text)


# By the numbering plan (전기통신번호관리세칙), without the leading zero
_KR = (
    (re.compile(r"1[568]\d{6}"), NumberKind.REPRESENTATIVE),
    (re.compile(r"1[016789]\d{7,8}"), NumberKind.MOBILE),
    (re.compile(r"50\d{8,10}"), NumberKind.SAFETY),
    (re.compile(r"70\d{8}"), NumberKind.INTERNET),
    (re.compile(r"80\d{7,8}"), NumberKind.FREE),
    (re.compile(r"60\d{7,8}"), NumberKind.PREMIUM),
    (re.compile(r"30\d{8,9}"), NumberKind.INTERNET),  # 0303: fax that arrives as mail
    (re.compile(r"2\d{7,8}"), NumberKind.LANDLINE),
    (re.compile(r"(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}"), NumberKind.LANDLINE),
)
# By the NCC's plan, without the leading zero
_TW = (
    (re.compile(r"4(?:12|49)\d{4}"), NumberKind.REPRESENTATIVE),
    (re.compile(r"9\d{8}"), NumberKind.MOBILE),
    (re.compile(r"80[09]\d{6}"), NumberKind.FREE),
    (re.compile(r"204\d{6}|203\d{6}"), NumberKind.PREMIUM),
    (re.compile(r"70\d{8}"), NumberKind.INTERNET),
    (re.compile(r"2\d{8}"), NumberKind.LANDLINE),
    (re.compile(r"(?:3|5|6)\d{7}|(?:7|8)\d{7}"), NumberKind.LANDLINE),
    (re.compile(r"4\d{7,8}"), NumberKind.LANDLINE),
    (re.compile(r"(?:37|49|89)\d{6,7}|(?:82|826|836)\d{5,6}"), NumberKind.LANDLINE),
)


@lru_cache(256)  # a number is read several times on its way into the store
def _kind(country: Country, rest: str) -> NumberKind:
    rules = _KR if country == "KR" else _TW
    return next((kind for rule, kind in rules if rule.fullmatch(rest)), NumberKind.UNKNOWN)
