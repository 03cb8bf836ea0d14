"""The rules of the house that a program can check."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    file for folder in ("pbxd", "console", "lab") for file in (ROOT / folder).rglob("*.py")
)
SQL_WORDS = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b")
SQL_NAMES = {"select", "insert", "update", "delete", "text"}


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def may_hold_sql(file: Path) -> bool:
    names = ("tables.py", "queries.py", "statement.py")
    return file.name in names or file.parent == ROOT / "pbxd" / "store"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_sql_stands_in_its_places_only(file: Path) -> None:
    if may_hold_sql(file):
        return
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
            assert not SQL_NAMES & {name.name for name in node.names}
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and file.parts[-3:-1] != ("pbxd", "doctor")
        ):
            assert not SQL_WORDS.search(node.value), node.value


def test_no_file_is_too_long_and_no_name_says_nothing() -> None:
    for file in SOURCES:
        lines = len(file.read_text("utf-8").splitlines())
        assert lines <= 400, f"{file}: {lines} lines; what is it really made of?"
        assert file.stem not in {"utils", "helpers", "common", "manager", "misc"}


def test_no_registry_and_no_path_of_one_machine_stands_in_the_tree() -> None:
    registry = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|debian)\b")
    machine = re.compile(r"(?<![\w.])/(?:work|farm)/")
    for file in tracked():
        if file.suffix in {".ami", ".cel", ".png"}:
            continue
        text = file.read_text("utf-8", "replace")
        assert not machine.search(text), file
        if "docs" not in file.parts:
            assert not registry.search(text), file


def test_tasks_are_made_by_the_supervisor_only() -> None:
    for file in SOURCES:
        if file.parent.name == "lab" or file.name == "tasks.py":
            continue
        text = file.read_text("utf-8")
        assert "asyncio.create_task(" not in text, file
        assert "ensure_future(" not in text, file


def test_the_architecture_names_every_folder() -> None:
    words = set(re.findall(r"\w+", (ROOT / "docs/architecture.md").read_text("utf-8")))
    folders = {one.relative_to(ROOT).parts for one in tracked()}
    named = {parts[1] for parts in folders if parts[0] in ("pbxd", "console") and len(parts) > 2}
    assert not named - words - {"locale"}
