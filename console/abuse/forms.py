"""What the abuse button and its settings send."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from console.desk.forms import CallForm
from console.lists.forms import SortedQuery


class BlockForm(CallForm):
    """Warn or block the customer of this call."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,19}$")]


class MonthQuery(SortedQuery):
    """Which month of incidents, as 2026-11; "" this one."""

    month: Annotated[str, Field(max_length=7)] = ""

    def first_day(self, today: date) -> date:
        """The month's first day; this month's for what is no month."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", self.month)
        if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
            return today.replace(day=1)
        return date(int(found[1]), int(found[2]), 1)


class PolicyForm(BaseModel):
    """The settings page: kinds as three lists of the same length, and the policy."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    word: list[str] = []
    name: list[str] = []
    warnings: list[int] = []
    agent_waits: bool = False
    block_after: Annotated[int, Field(ge=0, le=99)] = 0
