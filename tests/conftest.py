"""Fixtures on the real Asterisk are there for every folder of tests; how workers share them out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from alembic.config import Config
from hypothesis import settings

from pbxd.store import migrate as migrating

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


@pytest.fixture(scope="session", autouse=True)
def really_migrate(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Config], None]]:
    """What makes a new database in pbxd. Tests have it make one in each process, and copy that:
    it takes 0.6 s, hundreds of times."""
    steps, upgrade = migrating.MIGRATIONS, migrating._upgrade
    made = tmp_path_factory.mktemp("database") / "empty.sqlite3"

    def once(config: Config) -> None:
        file = Path((config.get_main_option("sqlalchemy.url") or "").removeprefix("sqlite:///"))
        ours = config.get_main_option("script_location") == str(steps)
        if not ours or file.exists():
            upgrade(config)
        elif made.exists():
            shutil.copyfile(made, file)
        else:
            upgrade(config)
            whole = file.with_suffix(".whole")
            shutil.copyfile(file, whole)
            whole.replace(made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "_upgrade", once)
        yield upgrade
