"""A number beside a customer's own, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.customers.personal import mask_of

FIELDS = ("national_id", "business_number")


@dataclass(frozen=True, slots=True)
class FurtherNumber:
    """`name`: the customer whose number it was before two were made one."""

    id: str
    customer_id: str
    field: str
    token: str
    name: str
    at: datetime

    @property
    def text(self) -> str:
        """What everybody may see of it."""
        return mask_of(self.token)
