"""Languages: chosen as people ask, complete, and written in their own way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from console.web import catalogues
from console.web.days import western
from console.web.i18n import LANGUAGES, LOCALES, Language, Languages, Years, seconds_text
from console.web.templates import Templates

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages("ko", ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "ko"),
        ("fr-FR,fr", "ko"),  # none of ours: the office's
        ("en-US,en;q=0.9", "en"),
        ("zh-TW", "zh_Hant"),
        ("zh-Hant-HK;q=0.8, de;q=0.9", "zh_Hant"),
        ("en;q=0.1,ko;q=0.9", "ko"),
        ("en;q=none, zh", "zh_Hant"),
        (";;q=,=,\x00" * 50, "ko"),
    ],
)
def test_the_browser_is_understood(languages: Languages, header: str, code: str) -> None:
    assert languages.accepted(header).code == code


def test_every_text_is_there_in_every_language() -> None:
    assert catalogues.check() == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_translations_have_the_same_placeholders(code: str) -> None:
    """A lost or misspelt placeholder would fail on the screen, in one language only."""
    with (LOCALES / code / "LC_MESSAGES" / "pbxd.po").open("rb") as source:
        catalog = read_po(source, locale=code)
    checked = 0
    for message in catalog:
        if isinstance(message.id, str) and message.string:
            wanted = sorted(PLACEHOLDER.findall(message.id))
            assert sorted(PLACEHOLDER.findall(str(message.string))) == wanted, message.id
            checked += bool(wanted)
    assert checked > 10 or code == "en"


def test_times_are_the_offices(languages: Languages) -> None:
    at = datetime(2026, 11, 20, 15, 30, 5, tzinfo=UTC)
    assert languages["ko"].moment(at) == "2026-11-21 00:30"
    assert languages["ko"].clock(at) == "00:30:05"
    assert "11월 21일" in languages["ko"].day(at)
    assert "11月21日" in languages["zh_Hant"].day(at)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (61, "1:01"), (3725.9, "1:02:05")]
)
def test_durations(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


def test_counts_have_the_marks_of_the_language(languages: Languages) -> None:
    templates = Templates(languages, (), str, str, "", "")
    environment = templates._environments["en"]
    text = '{{ ngettext("%(num)s customer", "%(num)s customers", n) }}'
    shown = [environment.from_string(text).render(n=n) for n in (1, 999, 1_234_567)]
    assert shown == ["1 customer", "999 customers", "1,234,567 customers"]


def test_years_of_the_republic(languages: Languages) -> None:
    """S3-79: dates, weekdays and times as Taiwanese write them; each person's choice."""
    at, day = datetime(2026, 11, 25, 0, 30, 5, tzinfo=UTC), date(2026, 11, 25)
    roc, four = languages.read("zh_Hant", "roc"), languages.read("zh_Hant", "roc-four")
    assert (roc.moment(at), four.moment(at)) == ("115.11.25 09:30", "0115.11.25 09:30")
    assert roc.full(at) == "115.11.25 星期三 09時30分05秒"
    assert roc.day(at) == "民國115年11月25日 星期三"
    assert roc.date_of(day) == "115.11.25 (三)"
    assert (roc.weekday(day), roc.month(day)) == ("三", "115.11")
    assert roc.written("1968-02-30") == "57.02.30", "a lunar day"
    assert [roc.to_type(one) for one in ("1968-01-26", "2026-11-25T09:30", "x.y", "", None)] == [
        "057.01.26",
        "115.11.25 09:30",
        "x.y",
        "",
        "",
    ]
    assert roc.plain_date(date(1911, 12, 31)) == "1911-12-31", "before the Republic"
    western = languages["zh_Hant"]
    assert (western.moment(at), western.to_type(day)) == ("2026-11-25 09:30", "2026-11-25")
    assert languages.read("ko", "roc") is languages["ko"]
    assert languages.read("zh_Hant") is western
    office = Languages("zh_Hant", ZoneInfo("Asia/Taipei"), Years.ROC)
    assert office.default is office.accepted("zh-TW") is office.read("zh_Hant")
    assert office.read("zh_Hant", "western").key == "zh_Hant"
    assert len({one.key for one in office.every()}) == 5


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("115.11.28", "2026-11-28"),
        ("0115.11.28", "2026-11-28"),
        ("115/1/2", "2026-01-02"),
        ("1151128", "2026-11-28"),
        ("民國115年11月28日", "2026-11-28"),
        ("115.11.28 (六)", "2026-11-28"),
        ("57.01.26", "1968-01-26"),
        ("2026.11.28", "2026-11-28"),
        ("2026-11-28", "2026-11-28"),
        ("115.11.28 9:05", "2026-11-28T09:05"),
        ("民國115年11月28日 09時30分", "2026-11-28T09:30"),
        ("2026-11-28T09:30", "2026-11-28T09:30"),
        ("115.13", "115.13"),
        ("yesterday", "yesterday"),
    ],
)
def test_days_as_they_are_typed(typed: str, iso: str) -> None:
    assert western(typed) == iso


@given(st.dates(date(1920, 1, 1), date(2090, 1, 1)), st.times())
def test_what_stands_in_a_field_is_understood(day: date, at: time) -> None:
    for years in Years:
        language = Language("zh_Hant", ZoneInfo("Asia/Taipei"), years=years)
        assert western(language.to_type(day)) == day.isoformat()
        clock = f"{day.isoformat()}T{at:%H:%M}"
        assert western(language.to_type(clock)) == clock


def test_no_template_gives_a_count_twice() -> None:
    given = re.compile(r"ngettext\([^)]*\bnum=")
    found = [path for path in Path("console").rglob("*.html") if given.search(path.read_text())]
    assert not found, "the count is %(num)s already"
