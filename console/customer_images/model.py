"""Pictures of customers as values. Times UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MENU = "customers"


class Kind(StrEnum):
    """What a picture is to its customer."""

    MAIN = "main"  # the business card or the face: one at most
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture without its bytes; sides in pixels, `size` in bytes."""

    id: str
    customer_id: str
    kind: Kind
    position: int
    caption: str
    width: int
    height: int
    size: int
    by: str
    at: datetime
    deleted_at: datetime | None = None

    @property
    def main(self) -> bool:
        """Does it stand beside the customer's facts?"""
        return self.kind is Kind.MAIN

    @property
    def address(self) -> str:
        """Where it is shown, and under which what is done to it is."""
        return f"/customers/{self.customer_id}/images/{self.id}"
