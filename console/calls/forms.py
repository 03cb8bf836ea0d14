"""The filters of the call log, as they stand in the address."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from console.web.days import OptionalDay, end_of, start_of
from pbxd.callers.numbers import NumberPlan
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import CallFilter, Comparison, Seconds
from pbxd.calls.statement import Match, Side
from pbxd.errors import InvalidInput

SIGNS = {
    "gt": Comparison.MORE,
    "ge": Comparison.AT_LEAST,
    "eq": Comparison.EQUAL,
    "le": Comparison.AT_MOST,
    "lt": Comparison.LESS,
}


class LogQuery(BaseModel):
    """What is asked for; without dates: today. All days are the office's."""

    since: OptionalDay = None
    until: OptionalDay = None
    direction: Direction | None = None
    outcome: Outcome | None = None
    agent: str = ""
    who: str = Field(default="", max_length=80)
    who_match: Match = Match.CONTAINS
    side: Side = Side.EITHER
    number: str = Field(default="", max_length=40)
    match: Match = Match.CONTAINS
    ring_sign: str = "ge"
    ring: int | None = Field(default=None, ge=0, le=86_400)
    talk_sign: str = "ge"
    talk: int | None = Field(default=None, ge=0, le=86_400)
    external: bool = False
    sort: str = Field(default="", max_length=40)
    cursor: str = ""

    def days(self, today: date) -> tuple[date, date]:
        """First and last day."""
        first = self.since or self.until or today
        last = self.until or (self.since and max(today, self.since)) or today
        return first, last

    def filter(
        self, plan: NumberPlan, zone: ZoneInfo, today: date, scope: tuple[str, ...] | None
    ) -> CallFilter:
        """As the history takes it. Raises InvalidInput (days in the wrong order)."""
        first, last = self.days(today)
        if last < first:
            raise InvalidInput("days-order", "The last day is before the first.", field="until")
        digits = "".join(char for char in self.number if char.isdigit())
        return CallFilter(
            since=start_of(first, zone),
            until=end_of(last, zone),
            direction=self.direction,
            outcome=self.outcome,
            agent_id=self.agent,
            number=digits,
            number_forms=_forms(self.number, digits, self.match, plan),
            match=self.match,
            ring=_seconds(self.ring_sign, self.ring),
            talk=_seconds(self.talk_sign, self.talk),
            external_only=self.external,
            scope_agent_ids=scope,
        )

    def address(self, **changes: object) -> str:
        """The address's query with some values changed ("" leaves one out)."""
        values = self.model_dump(mode="json", exclude_defaults=True) | changes
        return urlencode({key: value for key, value in values.items() if value not in ("", None)})


def _seconds(sign: str, value: int | None) -> Seconds | None:
    return None if value is None else Seconds(SIGNS.get(sign, Comparison.AT_LEAST), value)


def _forms(text: str, digits: str, match: Match, plan: NumberPlan) -> tuple[str, ...]:
    """The stored spellings of what was typed: 010… is kept as +8210…"""
    if not digits:
        return ()
    forms = {digits}
    if match is Match.EXACT:
        forms.add(plan.normalise(text))
    elif digits.startswith("0"):
        forms.add(digits[1:] if match is not Match.STARTS else "")
        if match is not Match.ENDS:
            forms.add(plan.prefix + digits[1:])
    elif match is Match.STARTS:
        forms.add(plan.prefix + digits)
    if match is Match.CONTAINS:
        forms = {form for form in forms if not form.startswith("+")} | {digits.lstrip("0")}
    if match is Match.ENDS:
        forms.discard(digits if digits.startswith("0") and len(digits) > 8 else "")
    return tuple(sorted(form for form in forms if form))
