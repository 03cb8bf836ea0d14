"""How numbers are written in Korea and Taiwan."""

from __future__ import annotations

import re

# National digits without the leading zero → groups; the first rule that fits.
_KR = (
    (r"(1[568]\d\d)(\d{4})", "{}-{}"),
    (r"(1[016789])(\d{3,4})(\d{4})", "0{}-{}-{}"),
    (r"([35]0\d)(\d{3,4})(\d{4})", "0{}-{}-{}"),
    (r"(2)(\d{3,4})(\d{4})", "0{}-{}-{}"),
    (r"(\d\d)(\d{3,4})(\d{4})", "0{}-{}-{}"),
)
_TW = (
    (r"(4\d\d)(\d{4})", "{}-{}"),
    (r"(9\d\d)(\d{3})(\d{3})", "0{}-{}-{}"),
    (r"(80[09])(\d{3})(\d{3})", "0{}-{}-{}"),
    (r"(70)(\d{4})(\d{4})", "0{}-{}-{}"),
    (r"(37|49|89)(\d{3})(\d{3,4})", "(0{}) {}-{}"),
    (r"(826|836)(\d\d)(\d{3})", "(0{}) {}-{}"),
    (r"(\d)(\d{3,4})(\d{4})", "(0{}) {}-{}"),
)


def national(country: str, rest: str) -> str:
    """`1012345678` → `010-1234-5678`; what no rule fits keeps its zero and its digits."""
    for rule, shape in _KR if country == "KR" else _TW:
        if (found := re.fullmatch(rule, rest)) is not None:
            return shape.format(*found.groups())
    return f"0{rest}"
