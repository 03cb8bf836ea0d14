"""Languages: chosen as people ask, complete, and written in their own way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from console.web import catalogues
from console.web.i18n import LANGUAGES, LOCALES, Languages, seconds_text
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
