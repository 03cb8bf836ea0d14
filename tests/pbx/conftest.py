"""Stories on the real Asterisk: all of them share one event loop with the running town."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run each story on the loop that the session's Asterisk and phones live on."""
    for item in items:
        if item.path.is_relative_to(__file__.rsplit("/", 1)[0]):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
