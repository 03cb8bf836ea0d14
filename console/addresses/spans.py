"""Spans of building numbers in words."""

from __future__ import annotations

from collections.abc import Sequence

from console.addresses.model import ENDLESS, SUB, Span, Street
from console.addresses.rules import number_text
from console.web.i18n import Language

SHOWN = 4


def spans_text(spans: Sequence[Span], street: Street, language: Language) -> str:
    """`역삼동 · odd 101–155, even 108–152`."""
    texts = [span.note or _numbers(span, language) for span in spans[:SHOWN]]
    more = "…" if len(spans) > SHOWN else ""
    numbers = ", ".join(dict.fromkeys(text for text in texts if text)) + more
    return " · ".join(part for part in (street.quarter, numbers) if part)


def _numbers(span: Span, language: Language) -> str:
    sides = {0: "", 1: language.text("odd"), 2: language.text("even")}
    if span.low == 0 and span.high == ENDLESS:
        return sides[span.side]
    low, high = number_text(span.low), number_text(span.high)
    numbers = low if low == high else f"{low}–{high}"
    side = sides[span.side] if span.low // SUB != span.high // SUB else ""
    return f"{side} {numbers}".strip()
