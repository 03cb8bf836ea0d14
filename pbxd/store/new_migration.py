"""For developers: writes the next migration by comparing the code's tables with the newest step."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from pbxd.store.migrate import MIGRATIONS


def main() -> None:
    """`python -m pbxd.store.new_migration "what it does"`."""
    if len(sys.argv) != 2:
        sys.exit(main.__doc__)
    number = 1 + len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))
    with tempfile.TemporaryDirectory() as folder:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("sqlalchemy.url", f"sqlite:///{Path(folder) / 'now.sqlite3'}")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.upgrade(config, "head")
        command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    main()
