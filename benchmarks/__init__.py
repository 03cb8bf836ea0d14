"""Measurements, run by hand: `python -m benchmarks.NAME [--quick]`.

Each prepares its own data (under .bench/, not in the repository), measures pbxd beside its peer or
limit in one run, and ends with one line of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def tell(
    bench: str,
    value: float,
    unit: str,
    *,
    ratio: float,
    against: str,
    target: float,
    passed: bool,
    **more: float,
) -> None:
    """The last line: one JSON object."""
    said = {
        "bench": bench,
        "value": round(value, 3),
        "unit": unit,
        "ratio": round(ratio, 3),
        "against": against,
        "target": target,
        "pass": passed,
        **{key: round(number, 3) for key, number in more.items()},
    }
    print(json.dumps(said))
