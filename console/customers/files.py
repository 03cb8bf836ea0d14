"""The customer files with all that they stand on."""

from __future__ import annotations

from pathlib import Path

from console.codes.service import Codes
from console.customers.personal import Personal, key_in
from console.customers.service import Customers
from console.fields.service import Fields
from pbxd.callers.numbers import NumberPlan
from pbxd.ports import Clock
from pbxd.store.engine import Store


def customer_files(
    store: Store, plan: NumberPlan, clock: Clock, key_file: Path | None = None
) -> Customers:
    """Codes and fields are read by their `load`. Raises ConfigError (the key)."""
    personal = Personal(key_in(store.file.parent, key_file))
    return Customers(store, plan, clock, personal, Codes(store, clock), Fields(store, clock))
