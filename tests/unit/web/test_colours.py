"""Text can be read: contrast of at least 4.5 (WCAG 2.2, 1.4.3), in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[3] / "console" / "ui" / "styles" / "tokens.css"
ON = [
    ("text", "page"), ("text", "surface"), ("text", "raised"), ("text", "sunken"),
    ("text", "field"), ("text", "accent-soft"), ("muted-text", "page"),
    ("muted-text", "surface"), ("muted-text", "raised"), ("muted-text", "sunken"),
    ("accent-text", "page"), ("accent-text", "surface"), ("accent-text", "accent-soft"),
    ("on-accent", "accent"), ("on-strong", "good-strong"), ("on-strong", "bad-strong"),
    ("on-strong", "good-stronger"), ("on-strong", "bad-stronger"),
    ("good-text", "good-soft"), ("warn-text", "warn-soft"), ("bad-text", "bad-soft"),
    ("bad-text", "surface"), ("warn-text", "surface"), ("on-top", "top"),
]  # fmt: skip
SIGNS = [("focus", "page"), ("focus", "surface"), ("accent", "surface"), ("good", "surface")]


def schemes() -> dict[str, dict[str, str]]:
    """The three lists of colours in the file; dark ones stand on the light ones."""
    css = TOKENS.read_text("utf-8")
    blocks = re.findall(r"(:root[^{,]*)\{([^}]*)\}", css)
    lists = [(name, dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))) for name, body in blocks]
    light = next(colours for name, colours in lists if name.strip() == ":root")
    chosen = next(colours for name, colours in lists if '[data-theme="dark"]' in name)
    asked = next(colours for name, colours in lists if ":not(" in name)
    return {"light": light, "dark": light | chosen, "dark by the system": light | asked}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 … 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", schemes())
@pytest.mark.parametrize(("front", "back"), ON)
def test_text_can_be_read(scheme: str, front: str, back: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", schemes())
@pytest.mark.parametrize(("front", "back"), SIGNS)
def test_signs_can_be_seen(scheme: str, front: str, back: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[front], colours[back]) >= 3


def test_dark_is_the_same_however_it_is_chosen() -> None:
    found = schemes()
    assert found["dark"] == found["dark by the system"]
