"""Generated references are fresh, and nothing in them is undocumented."""

from __future__ import annotations

from pathlib import Path

from pbxd import config, reference

DOCS = Path(__file__).parents[2] / "docs"
HOW = "run: .venv/bin/python -m pbxd.reference"


def test_settings_reference_is_fresh() -> None:
    assert (DOCS / "settings.md").read_text("utf-8") == reference.settings(), HOW


def test_event_catalogue_is_fresh() -> None:
    assert (DOCS / "events.md").read_text("utf-8") == reference.catalogue(), HOW


def test_every_setting_says_what_it_means() -> None:
    silent = [
        f"{section}.{key}"
        for section, part in config.Settings.model_fields.items()
        for key, field in part.annotation.model_fields.items()  # type: ignore[union-attr]
        if not field.description
    ]
    assert silent == []
