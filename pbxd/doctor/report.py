"""The findings as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from pbxd.doctor.finding import Finding, Level

_SIGNS = {Level.OK: "ok ", Level.WARNING: "!  ", Level.ERROR: "!! "}


def text(findings: Sequence[Finding]) -> str:
    """One line each, what to do below it."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{_SIGNS[finding.level]} {finding.what}")
        if finding.to_do:
            lines.append(f"     → {finding.to_do}")
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """For programs."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1)


def exit_code(findings: Sequence[Finding]) -> int:
    """0 all well, 1 warnings, 2 errors."""
    levels = {finding.level for finding in findings}
    return 2 if Level.ERROR in levels else 1 if Level.WARNING in levels else 0
