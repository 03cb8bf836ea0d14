"""Languages: which one a person reads, and how times and numbers are written in it."""

from __future__ import annotations

import gettext
from datetime import date, datetime
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


def msgid(text: str) -> str:
    """`text`, marked to be translated where it is shown."""
    return text


class Language:
    """One language: texts and forms."""

    def __init__(self, code: str, zone: ZoneInfo, locales: Path = LOCALES) -> None:
        self.code = code
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
        shape = "yyyy-MM-dd HH:mm:ss" if seconds else "yyyy-MM-dd HH:mm"
        return format_datetime(local, shape, locale=self._locale)

    def full(self, at: datetime | None) -> str:
        """Date, weekday and time to the second (S1-53)."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        return format_datetime(local, "yyyy-MM-dd EEEE HH:mm:ss", locale=self._locale)

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
        return format_date(at.astimezone(self._zone).date(), "full", locale=self._locale)

    def date_of(self, day: date) -> str:
        """A date that is a date, with its weekday in short."""
        return format_date(day, "yyyy-MM-dd (EEE)", locale=self._locale)

    def weekday(self, day: date) -> str:
        """Only its weekday, in short."""
        return format_date(day, "EEE", locale=self._locale)

    def number(self, value: float) -> str:
        """A number with this language's marks."""
        return format_decimal(value, locale=self._locale)


class Languages:
    """All three, loaded once."""

    def __init__(self, default: str, zone: ZoneInfo) -> None:
        self._all = {code: Language(code, zone) for code in LANGUAGES}
        self.default = self._all[default]

    def __getitem__(self, code: str) -> Language:
        return self._all.get(code, self.default)

    def all(self) -> tuple[Language, ...]:
        """Every language."""
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
                return self._all[code]
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
