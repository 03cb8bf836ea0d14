"""Fixtures on the real Asterisk are there for every folder of tests; how workers share them out."""

import pytest

pytest_plugins = ["lab.pytest_plugin"]

# Most of what runs on an Asterisk is waiting for calls: these go first, so that no worker is left
# with a long one at the end.
SLOW_FIRST = ("tests/pbx/", "tests/browser/", "tests/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays with one worker, which has its own Asterisk, browser and database."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    items.sort(
        key=lambda item: next(
            at for at, how in enumerate(SLOW_FIRST) if item.nodeid.startswith(how)
        )
    )
