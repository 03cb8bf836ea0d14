"""Cells of tables that people open in Excel."""

from __future__ import annotations

import re

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML: in no cell


def defused(cell: str) -> str:
    """What a spreadsheet would take for a formula becomes text; a number's + is none."""
    return f"'{cell}" if _risky(cell) else cell


def as_typed(cell: str) -> str:
    """What `defused` had, when such a table comes back."""
    return cell[1:] if cell[:1] == "'" and _risky(cell[1:]) else cell


def _risky(cell: str) -> bool:
    return cell[:1] in ("=", "-", "@", "\t", "\r") or (cell[:1] == "+" and not cell[1:2].isdigit())
