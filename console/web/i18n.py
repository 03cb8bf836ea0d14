"""Languages: which one a person reads, and how times and numbers are written in it."""

from __future__ import annotations

import gettext
import re
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from pbxd.errors import Refused

LANGUAGES = {"ko": "한국어", "zh_Hant": "繁體中文", "en": "English"}
LOCALES = Path(__file__).parent.parent / "locale"
DOMAIN = "pbxd"
_HTML = {"ko": "ko", "zh_Hant": "zh-Hant-TW", "en": "en"}
_BABEL = {"ko": "ko_KR", "zh_Hant": "zh_Hant_TW", "en": "en_GB"}


class Years(StrEnum):
    """How Taiwan's readers count years (S3-79): 2026, 115 or 0115."""

    WESTERN = "western"
    ROC = "roc"
    ROC_FOUR = "roc-four"


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
BEFORE_ROC = 1911  # year 1 of the Republic is 1912


def msgid(text: str) -> str:
    """`text`, marked to be translated where it is shown."""
    return text


class Language:
    """One language: texts and forms."""

    def __init__(
        self,
        code: str,
        zone: ZoneInfo,
        locales: Path = LOCALES,
        years: Years = Years.WESTERN,
    ) -> None:
        self.code = code
        self.years = years
        # by which what is drawn for its readers is kept
        self.key = code if years is Years.WESTERN else f"{code}-{years}"
        self.html = _HTML[code]
        self.name = LANGUAGES[code]
        self._zone = zone
        self._locale = Locale.parse(_BABEL[code])
        self.translations = gettext.translation(
            DOMAIN, locales, languages=[code], fallback=code == "en"
        )

    def text(self, message: str, **details: object) -> str:
        """A message (English msgid) in this language, its placeholders filled."""
        translated = self.translations.gettext(message) if message else ""
        return translated.format(**details) if details else translated

    def refusal(self, refusal: Refused) -> str:
        """Why not, in this language."""
        return self.text(refusal.message, **refusal.details)

    def moment(self, at: datetime | None, seconds: bool = False) -> str:
        """Date and time in the office's zone."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        shape = "HH:mm:ss" if seconds else "HH:mm"
        return f"{self.plain_date(local.date())} {format_time(local, shape, locale=self._locale)}"

    def full(self, at: datetime | None) -> str:
        """Date, weekday and time to the second (S1-53)."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        shape = "EEEE HH時mm分ss秒" if self.roc else "EEEE HH:mm:ss"
        return f"{self.plain_date(local)} {format_datetime(local, shape, locale=self._locale)}"

    def clock(self, at: datetime | None) -> str:
        """Time of day with seconds."""
        return (
            ""
            if at is None
            else format_time(at.astimezone(self._zone), "HH:mm:ss", locale=self._locale)
        )

    def day(self, at: datetime | None) -> str:
        """A day with its weekday."""
        if at is None:
            return ""
        day = at.astimezone(self._zone).date()
        if self.roc:
            weekday = format_date(day, "EEEE", locale=self._locale)
            return f"民國{day.year - BEFORE_ROC}年{day.month}月{day.day}日 {weekday}"
        return format_date(day, "full", locale=self._locale)

    def plain_date(self, day: date) -> str:
        """Year, month and day: `2026-11-28`, `115.11.28`."""
        year = day.year - BEFORE_ROC
        if not self.roc or year < 1:
            return f"{day.year:04}-{day.month:02}-{day.day:02}"
        digits = 4 if self.years is Years.ROC_FOUR else 1
        return f"{year:0{digits}}.{day.month:02}.{day.day:02}"

    def written(self, day: date | str) -> str:
        """The same; of a text only what is a day of ISO, which a lunar one need not be."""
        if isinstance(day, str):
            found = _ISO.fullmatch(day)
            if not self.roc or found is None or int(found[1]) <= BEFORE_ROC:
                return day
            day, rest = date(int(found[1]), 1, 1), f".{found[2]}.{found[3]}"
            return self.plain_date(day)[: -len(".01.01")] + rest
        return self.plain_date(day)

    def month(self, day: date) -> str:
        """Year and month."""
        return self.plain_date(day)[:-3]

    def date_of(self, day: date) -> str:
        """A date that is a date, with its weekday in short."""
        return f"{self.plain_date(day)} ({self.weekday(day)})"

    def weekday(self, day: date) -> str:
        """Only its weekday, in short."""
        return format_date(day, "EEEEE" if self.roc else "EEE", locale=self._locale)

    def to_type(self, value: date | str | None) -> str:
        """What stands in a field for a day, or a day and time, of ISO; other text as it is."""
        day, mark, clock = value.partition("T") if isinstance(value, str) else (value, "", "")
        if not day:
            return ""
        text = self.written(day)
        if not self.roc or text == day:
            return f"{text}{mark}{clock}"
        # three digits: two would be a year of another century to some
        return f"{text.zfill(len('115.11.28'))} {clock}".strip()

    @property
    def roc(self) -> bool:
        """Years are those of the Republic of China."""
        return self.years is not Years.WESTERN

    def number(self, value: float) -> str:
        """A number with this language's marks."""
        return format_decimal(value, locale=self._locale)


class Languages:
    """All three, Chinese with each way to count years, loaded once."""

    def __init__(self, default: str, zone: ZoneInfo, years: Years = Years.WESTERN) -> None:
        made = [Language(code, zone) for code in LANGUAGES]
        made += [Language("zh_Hant", zone, years=one) for one in (Years.ROC, Years.ROC_FOUR)]
        self._all = {language.key: language for language in made}
        self._years = years
        self.default = self._all[default]
        self.default = self.read(default)

    def __getitem__(self, key: str) -> Language:
        return self._all.get(key, self.default)

    def read(self, code: str, years: str = "") -> Language:
        """A language as somebody reads it who counts years so ("": as the office does)."""
        return self._all.get(f"{code}-{years or self._years}") or self[code]

    def all(self) -> tuple[Language, ...]:
        """Every language once, as the office counts years."""
        return tuple(self.read(code) for code in LANGUAGES)

    def every(self) -> tuple[Language, ...]:
        """Every language with every way to count years."""
        return tuple(self._all.values())

    def accepted(self, header: str) -> Language:
        """The first that the browser asks for (`Accept-Language`)."""
        wanted: list[tuple[float, str]] = []
        for part in header.split(",")[:20]:
            tag, _, quality = part.strip().partition(";q=")
            try:
                wanted.append((-float(quality or 1), tag.strip()))
            except ValueError:
                continue
        for _, tag in sorted(wanted, key=lambda one: one[0]):
            if (code := _code(tag)) is not None:
                return self.read(code)
        return self.default


def _code(tag: str) -> str | None:
    try:
        locale = Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None
    if locale.language == "zh":
        return "zh_Hant"
    return locale.language if locale.language in LANGUAGES else None


def seconds_text(seconds: float) -> str:
    """`3725.9` → `1:02:05`; whole seconds, rounded down, as they are counted."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
