"""What the address of a plain list says: its order and page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field


class SortedQuery(BaseModel):
    """`sort`: a column's word, with a minus from high to low."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sort: Annotated[str, Field(max_length=40)] = ""
    cursor: Annotated[str, Field(max_length=400)] = ""

    def link(self, **changes: object) -> str:
        """The same list again, some values changed ("" leaves one out)."""
        values = self.model_dump(mode="json", exclude_defaults=True) | changes
        return urlencode({key: value for key, value in values.items() if value not in ("", None)})
