"""What failed beside other tests is tried once more by itself (docs/adr/0014).

    python -m tests.again

Telephones ring in real time: on two cores four workers now and then let one ring too long. So what
failed of the tests with telephones and browsers, if it is little, is run again with nothing beside
it. What fails then is broken; any other test is broken at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
IN_REAL_TIME = ("tests/pbx/", "tests/browser/")
MOST = 6  # of some 3,600: more is no chance


def once_more(failed: list[str]) -> bool:
    """Whether chance may have been the cause."""
    return 0 < len(failed) <= MOST and all(one.startswith(IN_REAL_TIME) for one in failed)


def main() -> int:
    """The exit code of the second run; 1 when there is none."""
    failed = sorted(json.loads(FAILED.read_text(encoding="utf-8"))) if FAILED.exists() else []
    if not once_more(failed):
        return 1
    print("\nOnce more, with nothing beside them:", *failed, sep="\n  ", flush=True)
    code = subprocess.run([sys.executable, "-m", "pytest", *failed], check=False).returncode
    if code == 0:
        print("Passed by themselves. They depend on time: mend them.", *failed, sep="\n  ")
    return code


if __name__ == "__main__":
    sys.exit(main())
