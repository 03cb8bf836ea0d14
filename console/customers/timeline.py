"""Everything that happened with a customer in one order: each tab tells its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, Field

from console.customers.model import Customer
from console.customers.tabs import Moment, Tab, tabs_of
from console.web.context import Context
from console.web.i18n import msgid

SHOWN = 30
_YEAR_2200_MS = 7_258_118_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TimelineQuery(BaseModel):
    """From when on backwards, ms since 1970 UTC; without it from now."""

    before: int | None = Field(None, ge=0, le=_YEAR_2200_MS)


async def pane(context: Context, customer: Customer) -> str:
    """The newest first, or what came before a moment."""
    asked = context.query(TimelineQuery).before
    before = None if asked is None else _EPOCH + timedelta(milliseconds=asked)
    found: list[Moment] = []
    for one in tabs_of(context):
        if one.moments is not None:
            found += await one.moments(context, customer, before, SHOWN + 1)
    moments, more = newest(found)
    older = (moments[-1].at - _EPOCH) // timedelta(milliseconds=1) if more else 0
    return context.html(
        "customers/timeline.html", moments=moments, older=older, newer=asked, customer=customer
    )


def newest(found: list[Moment], size: int = SHOWN) -> tuple[list[Moment], bool]:
    """The newest `size`, with all that happened in the last one's moment; and: are there more?"""
    found = sorted(found, key=lambda moment: moment.at, reverse=True)
    end = size
    while size <= end < len(found) and found[end].at == found[size - 1].at:
        end += 1
    return found[:end], end < len(found)


tab = Tab("timeline", msgid("All together"), 20, "customers", pane)
