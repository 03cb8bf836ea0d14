"""Public holidays of the office's country, with their substitute days (library `holidays`)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

LANGUAGES = {"KR": "ko", "TW": "zh_TW"}


class Holidays:
    """By date; years are computed when they are asked for."""

    def __init__(self, country: str) -> None:
        self._of = lru_cache(maxsize=16)(
            lambda year: holidays.country_holidays(country, years=year, language=LANGUAGES[country])
        )

    def __call__(self, day: date) -> str:
        """Its name in the country's language; "" for a working day."""
        return str(self._of(day.year).get(day) or "")
