"""What every `tables.py` shares."""

from __future__ import annotations

from sqlalchemy import MetaData
from ulid import ULID

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_newest = [0]


def new_id() -> str:
    """A new ULID (26 characters): always after the one before, also within one millisecond."""
    _newest[0] = max(int(ULID()), _newest[0] + 1)
    return str(ULID.from_int(_newest[0]))
