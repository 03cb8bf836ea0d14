"""The statement of an advanced search; the only place that knows how to ask it fast.

SQLite cannot guess which of several conditions leaves few customers. So each one that an index
answers is counted up to a limit, and the cheapest way is taken: the ids of one of them, or who is
in the indexes of two, and the others checked on these; or, when many fit all, the newest customers
(or the first by name) are walked until a page is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.consultations.tables import consultation_parts, consultations
from console.customer_search.model import Days, Mode, Range, Wanted
from console.customers.dates import anniversaries_between
from console.customers.tables import (
    customer_groups,
    customer_phones,
    customer_values,
    customers,
)
from console.service_records.queries import customers_served
from console.web.days import end_of, start_of
from pbxd.store import search

RARE = 3_000  # fewer customers need no second thought
MANY = 100_000  # more are not counted
ROWS = 50  # of a page
# Microseconds, as they were measured on a million customers: to go past a customer in an order; to
# find one by an id that stands in an index, or that the text index has to look up; to look whether
# one of an index is in another. Who fits all may stand anywhere: a walk may take twice as long.
WALK, NEAR, TEXT, BOTH = 2 * 0.6, 4.0, 8.0, 0.45

_NEWEST: Select[Any] = select(func.max(literal_column("rowid"))).select_from(customers)

Condition = ColumnElement[bool]
Ids = Select[tuple[str]]


@dataclass(frozen=True, slots=True)
class Driver:
    """A condition's ids, and what is counted to see how many; `near`: they stand in an index."""

    ids: Ids
    counted: Select[Any]
    near: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of customers, unordered; `few`: better sorted than walked in the sort's order."""

    ids: Ids
    few: bool = False


class Statement:
    """One search."""

    def __init__(self, wanted: Wanted, today: date, zone: ZoneInfo, country: str) -> None:
        self._wanted = wanted
        self._today = today
        self._zone = zone
        self._country = country
        self._conditions: list[Condition] = [customers.c.deleted_at.is_(None)]
        self._drivers: list[Driver] = []
        self._columns()  # what is cheap to check first
        self._birthdays()
        self._elsewhere()
        self._own()
        self._texts()

    async def found(self, conn: AsyncConnection) -> Found:
        """Who is found, unordered."""
        # IS 1: by no index but the driver's or the sort's
        conditions = [one.is_(True) for one in self._conditions]
        driver = await _driver(conn, self._drivers)
        if driver is None:  # the walk ends with a full page
            return Found(select(customers.c.id).where(*conditions))
        # IN puts them in order first: neighbours lie side by side in the file
        within = customers.c.id.in_(driver)
        return Found(select(customers.c.id).where(within, *conditions), few=True)

    def _add(self, condition: Condition, driver: Ids | None = None) -> None:
        self._conditions.append(condition)
        if driver is not None:
            self._drivers.append(Driver(driver, driver))

    def _texts(self) -> None:
        words: list[str] = []
        for name, text in self._wanted.texts:
            column = customers.c[name]
            mode = self._wanted.mode
            if mode is Mode.EXACT:
                self._add(column == text, _by(column == text) if column.index is not None else None)
            elif mode is Mode.PREFIX:
                self._add(_starts(column, text))
            elif mode is Mode.SUFFIX:
                self._add(column.endswith(text, autoescape=True))
            else:
                for part in text.split():
                    self._add(column.icontains(part, autoescape=True))
            if name != "number":  # the text index has it without its zeros
                words += search.words_of(text)
        digits = "".join(char for char in self._wanted.phone if char.isdigit())
        if digits:
            number = customer_phones.c.number
            bare = digits.removeprefix("0") or digits
            self._add(
                exists().where(
                    customer_phones.c.customer_id == customers.c.id,
                    number.contains(bare, autoescape=True),
                )
            )
            words.append(digits)
        if words:
            ids, hits = search.matching("customer", words), search.hits(words)
            self._drivers.append(Driver(ids, hits, near=False))

    def _columns(self) -> None:
        wanted, column = self._wanted, customers.c
        if wanted.kind:
            self._add(column.kind == wanted.kind)
        if wanted.sex:
            self._add(column.sex == wanted.sex)
        for name, id in wanted.codes:
            self._add(column[name] == id, _by(column[name] == id))
        for name, truth in wanted.flags:
            self._add(column[name].is_(truth))
        first, last = wanted.registered
        if first is not None:
            self._add(column.registered_on >= first.isoformat())
        if last is not None:
            self._add(and_(column.registered_on <= last.isoformat(), column.registered_on != ""))
        first, last = wanted.contacted
        if first is not None:
            self._add(column.last_contact_at >= start_of(first, self._zone))
        if last is not None:
            self._add(column.last_contact_at < end_of(last, self._zone))
        if wanted.quiet_since is not None:
            since = start_of(wanted.quiet_since, self._zone)
            self._add(func.coalesce(column.last_contact_at, column.created_at) < since)

    def _birthdays(self) -> None:
        wanted, column = self._wanted, customers.c
        month_day = column.birth_month_day
        if wanted.birth_within is not None:
            self._anniversary(wanted.birth_within, month_day, column.birthday)
        if wanted.wedding_within is not None:
            self._anniversary(wanted.wedding_within, column.wedding_month_day, column.wedding)
        if wanted.birth_year is not None:
            self._add(_starts(column.birthday, f"{wanted.birth_year:04}-"))
        if wanted.birth_month is not None and wanted.birth_day is not None:
            on = month_day == wanted.birth_month * 100 + wanted.birth_day
            self._add(on, _by(on))
        elif wanted.birth_month is not None:
            low = wanted.birth_month * 100
            within = and_(month_day > low, month_day < low + 100)
            self._add(within, _by(within))
        elif wanted.birth_day is not None:
            values = [month * 100 + wanted.birth_day for month in range(1, 13)]
            self._add(month_day.in_(values), _by(month_day.in_(values)))
        born = column.birth_solar
        ages: list[Condition] = []
        if wanted.age_from is not None:
            ages += [born <= _years_before(self._today, wanted.age_from), born != ""]
        if wanted.age_to is not None:
            ages += [born > _years_before(self._today, wanted.age_to + 1)]
        if ages:
            self._add(and_(*ages), _by(*ages))

    def _anniversary(
        self, within: Days, month_day: ColumnElement[int], kept: ColumnElement[str]
    ) -> None:
        days = anniversaries_between(*within, self._country)
        fits = or_(
            *(
                and_(month_day.in_(sorted(values)), func.substr(kept, 11) == letter)
                for letter, values in days.items()
            )
        )
        self._add(fits, _by(month_day.in_(sorted(set().union(*days.values())))))

    def _elsewhere(self) -> None:
        wanted = self._wanted
        if wanted.group:
            ids = select(customer_groups.c.customer_id).where(
                customer_groups.c.code_id == wanted.group
            )
            self._add(
                exists().where(
                    customer_groups.c.customer_id == customers.c.id,
                    customer_groups.c.code_id == wanted.group,
                ),
                ids,
            )
        if wanted.consulted:
            self._add(
                exists().where(
                    consultations.c.customer_id == customers.c.id,
                    consultations.c.deleted_at.is_(None),
                    consultation_parts.c.consultation_id == consultations.c.id,
                    consultation_parts.c.text.icontains(wanted.consulted, autoescape=True),
                )
            )

        amounts = wanted.amount != (None, None)
        if wanted.served != (None, None) or wanted.summary or amounts:
            ids = customers_served(*wanted.served, wanted.summary, wanted.amount)
            self._add(customers.c.id.in_(ids), ids)

    def _own(self) -> None:
        for field, value in self._wanted.own:
            held = [customer_values.c.field == field]
            if isinstance(value, Range):
                if value.least is not None:
                    held.append(customer_values.c.number >= value.least)
                if value.most is not None:
                    held.append(customer_values.c.number <= value.most)
            else:
                held.append(customer_values.c.text.icontains(value, autoescape=True))
            ids = select(customer_values.c.customer_id).where(*held)
            self._add(exists().where(customer_values.c.customer_id == customers.c.id, *held), ids)


async def _driver(conn: AsyncConnection, drivers: Sequence[Driver]) -> Ids | None:
    """Whose ids come first; None: the walk."""
    if not drivers:
        return None
    counts = [await _count(conn, one, RARE) for one in drivers]
    if (least := min(counts)) < RARE:
        return drivers[counts.index(least)].ids
    counts = [await _count(conn, one, MANY) for one in drivers]
    every = int((await conn.execute(_NEWEST)).scalar_one() or 1)
    places = cheapest(counts, [one.near for one in drivers], every)
    if not places:
        return None
    first, *others = (drivers[place].ids for place in places)
    for other in others:  # IS 1: the first index is walked, the other one asked
        first = first.where(first.selected_columns[0].in_(other).is_(True))
    return first


def cheapest(counts: Sequence[int], near: Sequence[bool], every: int) -> tuple[int, ...]:
    """The places of those whose ids come first: one, two of indexes, or none (the walk).

    `counts`: MANY of who are more; `every`: how many customers there are.
    """
    share = prod(count / every for count in counts)
    ways: dict[tuple[int, ...], float] = {(): min(ROWS / share, every) * WALK}
    for place, count in enumerate(counts):
        if count < MANY:
            ways[place,] = count * (NEAR if near[place] else TEXT)
    known = [place for place, count in enumerate(counts) if near[place] and count < MANY]
    for pair in combinations(sorted(known, key=counts.__getitem__), 2):
        one, other = (counts[place] for place in pair)
        ways[pair] = (one + other) * BOTH + one * other / every * NEAR
    return min(ways, key=ways.__getitem__)


async def _count(conn: AsyncConnection, driver: Driver, most: int) -> int:
    some = driver.counted.limit(most).subquery()
    return int((await conn.execute(select(func.count()).select_from(some))).scalar_one())


def _by(*conditions: Condition) -> Ids:
    return select(customers.c.id).where(*conditions)


def _starts(column: ColumnElement[str], text: str) -> Condition:
    """A range that an index answers, which LIKE does only for ASCII."""
    return and_(column >= text, column < text + "\U0010ffff")


def _years_before(day: date, years: int) -> str:
    try:
        return day.replace(year=day.year - years).isoformat()
    except ValueError:  # February 29
        return date(day.year - years, 2, 28).isoformat()
