"""Fixtures on the real Asterisk are there for every folder of tests; how workers share them out."""

from itertools import zip_longest

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # a busy machine is no fault
settings.load_profile("house")

pytest_plugins = ["lab.pytest_plugin"]

# Who tests on the PBX waits for calls, who tests in a browser keeps a core busy: taken in turn they
# fit beside each other, and no worker is left with a long file at the end.
SLOW = ("tests/pbx/", "tests/browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays with one worker, which has its own Asterisk, browser and database."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        file = item.nodeid.partition("::")[0]
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(file))
        files.setdefault(file, []).append(item)
    slow = [[name for name in files if name.startswith(kind)] for kind in SLOW]
    order = [name for pair in zip_longest(*slow) for name in pair if name is not None]
    order += [name for name in files if name not in order]
    items[:] = [item for name in order for item in files[name]]
