"""A real SQLite file with every table, made by the real migrations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbxd.store.engine import Store
from pbxd.store.migrate import migrate


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    file = tmp_path / "test.sqlite3"
    await migrate(file)
    opened = await Store.open(file)
    yield opened
    await opened.close()
