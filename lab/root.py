"""The lab's own Asterisk: a Debian tree in a folder, so that the machine itself stays as it is."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.errors import LabUnavailable

# Debian 12 itself has no asterisk package; forky has the 22 LTS. The mirror is the one apt uses.
SUITE = "forky"
PACKAGES = ("asterisk", "asterisk-moh-opsound-gsm")
MARKER = "lab-root-complete"
BUILD_SECONDS = 600


def ensure_root(folder: Path) -> Path:
    """Return the Asterisk tree in `folder`/root, built first if need be (about 20 s, 350 MB)."""
    root = folder.resolve() / "root"
    if (root / MARKER).exists():
        _demand_root_user()
        return root
    check_tools()
    folder.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(folder / "root.lock"):
        if not (root / MARKER).exists():
            _build(root)
    return root


def check_tools() -> None:
    """Raise LabUnavailable when this machine cannot build or run the lab."""
    _demand_root_user()
    for tool, package in (("mmdebstrap", "mmdebstrap"), ("setpriv", "util-linux")):
        if shutil.which(tool) is None:
            raise LabUnavailable(
                f"The program {tool} is missing.", f"Install it: apt-get install {package}"
            )


def _demand_root_user() -> None:
    if os.geteuid() != 0:
        raise LabUnavailable(
            "The lab's Asterisk runs in a tree of its own, which only root may enter.",
            "Run as root, or point pbxd at an Asterisk of yours with: pbxd init",
        )


def _build(root: Path) -> None:
    if root.exists():  # a build that was interrupted: nothing in it can be trusted
        shutil.rmtree(root)
    command = [
        "mmdebstrap",
        "--quiet",
        "--variant=apt",
        f"--include={','.join(PACKAGES)}",
        "--aptopt=APT::Install-Recommends false",
        # mirrors that are snapshots carry a Release file whose date has passed
        "--aptopt=Acquire::Check-Valid-Until false",
        SUITE,
        str(root),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        shutil.rmtree(root, ignore_errors=True)
        raise LabUnavailable(
            f"mmdebstrap did not finish in {BUILD_SECONDS} s.", "Check the network and run again."
        ) from None
    if done.returncode != 0:
        shutil.rmtree(root, ignore_errors=True)
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise LabUnavailable(
            f"mmdebstrap could not build the Asterisk tree: {last}",
            "Check that apt-get update works, then run again.",
        )
    (root / "instances").mkdir()
    (root / MARKER).write_text(f"{SUITE} {' '.join(PACKAGES)}\n", encoding="utf-8")


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Two runs at once: the second waits for the first one's tree instead of building its own."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
