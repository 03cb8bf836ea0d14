"""Cells of tables that people open in Excel."""

from __future__ import annotations


def defused(cell: str) -> str:
    """What a spreadsheet would take for a formula becomes text; a number's + is none."""
    risky = cell[:1] in ("=", "-", "@", "\t", "\r") or (cell[:1] == "+" and not cell[1:2].isdigit())
    return f"'{cell}" if risky else cell
