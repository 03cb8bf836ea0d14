"""The texts that pbxd brings (`dialplan/prompts.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

PROMPTS = Path(__file__).parents[2] / "dialplan" / "prompts.toml"
GENERAL = {"warn": "warn-abuse", "block": "block-abuse"}  # for kinds of the office's own


@cache
def texts() -> dict[str, dict[str, str]]:
    """Name → language (ko, zh, en) → text."""
    return tomllib.loads(PROMPTS.read_text("utf-8"))


def text_of(name: str, language: str) -> str:
    """What pbxd says by itself; for a kind of the office's own the general text."""
    known = texts().get(name) or texts()[GENERAL[name.partition("-")[0]]]
    return known[language]
