"""Processes that compute for pbxd."""

from __future__ import annotations

import os
import subprocess
import sys
from select import select


def test_a_worker_ends_with_pbxd() -> None:
    """Killed -9, pbxd can stop nobody."""
    script = (
        "import os; from pbxd.workers import worker;"
        "print(worker(5).submit(os.getpid).result(), flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as pbxd:
        assert pbxd.stdout is not None
        worker = os.pidfd_open(int(pbxd.stdout.readline()))
        assert not select([worker], [], [], 0)[0]
        pbxd.kill()
    assert select([worker], [], [], 20)[0], "it waits for work"
    os.close(worker)
