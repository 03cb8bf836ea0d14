"""docs/features.md names every feature once and claims nothing without evidence."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (S[0-4])-(\d+) \| .+ \| ([a-z ]+) \| (.*) \| (.*) \|$")
COUNTS = {"S0": 59, "S1": 93, "S2": 48, "S3": 81, "S4": 109}
STATES = {"done", "partial", "not yet", "replaced"}


def rows() -> list[tuple[str, int, str, str, str]]:
    found = [
        ROW.match(line) for line in (ROOT / "docs/features.md").read_text("utf-8").splitlines()
    ]
    return [
        (row[1], int(row[2]), row[3].strip(), row[4].strip(), row[5].strip())
        for row in found
        if row
    ]


def test_every_id_stands_there_once() -> None:
    for manual, count in COUNTS.items():
        numbers = sorted(number for name, number, *_ in rows() if name == manual)
        assert numbers == list(range(1, count + 1)), manual


def test_states_are_known_and_claims_have_evidence() -> None:
    for manual, number, state, where, evidence in rows():
        name = f"{manual}-{number:02}"
        assert state in STATES, name
        if state == "not yet":
            continue
        assert where, name
        found = re.fullmatch(r"`([^:`]+)(?:::(\w+))?`", evidence)
        assert found, f"{name}: no evidence"
        file = ROOT / found[1]
        assert file.exists(), f"{name}: {found[1]}"
        if found[2]:
            assert f"def {found[2]}(" in file.read_text("utf-8"), f"{name}: {found[2]}"
        if state == "done":
            assert found[1].startswith("tests/"), f"{name}: done needs a test"
