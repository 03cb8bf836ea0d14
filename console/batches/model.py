"""A change to many customers as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

BATCH = "batch"  # in a customer's line of the audit log, beside its fields: the batch's id


class BatchKind(StrEnum):
    """What was done."""

    DELETE = "delete"
    IMPORT = "import"
    MERGE = "merge"


class What(StrEnum):
    """What happened to one customer."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Item:
    """One customer of a batch; `moved`: what a merge gave away or made (console/belongings)."""

    customer_id: str
    what: What
    version: int
    before: str = ""  # JSON of Details.as_dict
    moved: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """A change to many; `counts`: how many were created, changed, deleted."""

    id: str
    kind: BatchKind
    name: str
    by: str
    at: datetime
    ended_at: datetime | None
    undone_at: datetime | None
    counts: Mapping[What, int]


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back did: customers put back, and those that were changed since and stay."""

    done: int
    stayed: int
