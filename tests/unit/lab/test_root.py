"""Building the Asterisk tree: once, whole, or not at all. mmdebstrap is a script here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.errors import LabUnavailable
from lab.root import MARKER, ensure_root

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the lab runs as root only")

BUILD = """#!/bin/sh
for tree; do :; done            # the last argument
mkdir "$tree" || exit 9         # fails when a half-built tree is still there
echo built >> "$(dirname "$tree")/builds"
sleep 0.3
mkdir -p "$tree/etc/asterisk"
"""
FAIL = """#!/bin/sh
for tree; do :; done
mkdir "$tree"
echo "E: no network" >&2
exit 25
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "mmdebstrap"
    program.write_text(BUILD)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return program


def test_two_at_once_build_one_tree(tool: Path, tmp_path: Path) -> None:
    lab = tmp_path / "lab"
    program = "import sys; from pathlib import Path; from lab.root import ensure_root; "
    program += "print(ensure_root(Path(sys.argv[1])))"
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(lab)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=20)[0].decode().strip() for process in both]
    assert said == [str(lab / "root")] * 2
    assert (lab / "builds").read_text() == "built\n"


def test_a_half_built_tree_is_built_again(tool: Path, tmp_path: Path) -> None:
    half = tmp_path / "lab" / "root" / "etc"
    half.mkdir(parents=True)
    (half / "half").touch()
    root = ensure_root(tmp_path / "lab")
    assert (root / MARKER).exists()
    assert not (root / "etc" / "half").exists()


def test_a_failed_build_leaves_nothing_and_says_why(tool: Path, tmp_path: Path) -> None:
    tool.write_text(FAIL)
    with pytest.raises(LabUnavailable, match="no network"):
        ensure_root(tmp_path / "lab")
    assert not (tmp_path / "lab" / "root").exists()


def test_a_missing_tool_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabUnavailable, match="apt-get install mmdebstrap"):
        ensure_root(tmp_path / "lab")
