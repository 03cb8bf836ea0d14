"""The statement of an advanced search; the only place that knows how to ask it fast.

SQLite cannot guess which of several conditions leaves few customers. So each one that an index
answers is counted up to a limit; when none is rare, some customers are asked how many fit each.
Then the cheapest way is taken: who is listed for one condition, or for two, and the others checked
on these; or, when many fit all, the newest customers (or the first by name) are walked until a page
is full. When the newest are wanted first, those of one code may be walked alone.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from console.consultations.tables import consultation_parts, consultations
from console.customer_search.model import Days, Mode, Range, Wanted
from console.customer_search.ways import Index, listed, walked
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
ASKED = 1_000  # customers of whom is told how many of all fit
_AMONG = sql("customers.rowid IN (SELECT value FROM json_each(:rows))")
_ROWID: ColumnElement[int] = literal_column("customers.rowid")
_NEWEST: Select[Any] = select(func.max(_ROWID)).select_from(customers)

Condition = ColumnElement[bool]
Ids = Select[tuple[str]]


@dataclass(frozen=True, slots=True)
class Driver:
    """A condition and where its customers are listed: `ids`, and of an own index `rows`.

    `counted` is counted to see how many they are; `by_id`: the index has the newest at its end.
    """

    index: Index
    condition: Condition
    ids: Ids
    counted: Select[Any]
    rows: Select[Any] | None = None
    by_id: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of customers, unordered; `few`: better sorted than walked in the sort's order.

    `newest`: the same ones, to be walked when the sort is by the time they were made.
    """

    ids: Ids
    few: bool = False
    newest: Ids | None = None


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
        if not self._drivers:
            return Found(self._ids())
        counts = await _counts(conn, self._drivers)
        if (least := min(counts)) < RARE:
            return Found(self._ids(_among(self._drivers[counts.index(least)])), few=True)
        return await self._common(conn)

    async def _common(self, conn: AsyncConnection) -> Found:
        number, shares = await _shares(conn, [one.condition for one in self._drivers])
        counts = [share * number for share in shares]
        indexes = [one.index for one in self._drivers]
        ways = listed(counts, indexes, number)
        way = min(ways, key=ways.__getitem__)
        within = walked(counts, indexes, [one.by_id for one in self._drivers], number)
        best = min(within, key=within.__getitem__, default=None)
        newest = None
        if best is not None and within[best] < ways[way]:
            first, *others = (self._drivers[place] for place in best)
            asked = (_among(other).is_(True) for other in others)
            newest = self._ids(first.condition, *asked)
        if not way:  # the walk ends with a full page
            return Found(self._ids(), newest=newest)
        some = (self._drivers[place] for place in way)
        return Found(self._ids(_among(*some)), few=True, newest=newest)

    def _ids(self, *first: Condition) -> Ids:
        """Who fits. IS 1: by no index but that of the first condition or of the sort."""
        checked = (one.is_(True) for one in self._conditions)
        return select(customers.c.id).where(*first, *checked)

    def _add(self, condition: Condition, ids: Ids | None = None) -> None:
        """`ids`: of those who fit, by an index of another table."""
        self._conditions.append(condition)
        if ids is not None:
            self._drivers.append(Driver(Index.OTHER, condition, ids, ids))

    def _by(self, condition: Condition, *found: Condition) -> None:
        """Somebody fits when all that an index of customers finds is so, or else `condition`."""
        self._conditions.append(condition)
        ids, rows = (
            select(one).select_from(customers).where(*(found or (condition,)))
            for one in (customers.c.id, _ROWID)
        )
        equal = isinstance(condition, BinaryExpression) and condition.operator is operator.eq
        self._drivers.append(Driver(Index.OWN, condition, ids, rows, rows, by_id=equal))

    def _texts(self) -> None:
        words: list[str] = []
        before = len(self._conditions)
        for name, text in self._wanted.texts:
            column = customers.c[name]
            mode = self._wanted.mode
            if mode is Mode.EXACT:
                add = self._by if column.index is not None else self._add
                add(column == text)
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
            fits = and_(*self._conditions[before:])
            ids, hits = search.matching("customer", words), search.hits(words)
            self._drivers.append(Driver(Index.TEXT, fits, ids, hits))

    def _columns(self) -> None:
        wanted, column = self._wanted, customers.c
        if wanted.kind:
            self._add(column.kind == wanted.kind)
        if wanted.sex:
            self._add(column.sex == wanted.sex)
        for name, id in wanted.codes:
            self._by(column[name] == id)
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
            self._by(on)
        elif wanted.birth_month is not None:
            low = wanted.birth_month * 100
            within = and_(month_day > low, month_day < low + 100)
            self._by(within)
        elif wanted.birth_day is not None:
            values = [month * 100 + wanted.birth_day for month in range(1, 13)]
            self._by(month_day.in_(values))
        born = column.birth_solar
        ages: list[Condition] = []
        if wanted.age_from is not None:
            ages += [born <= _years_before(self._today, wanted.age_from), born != ""]
        if wanted.age_to is not None:
            ages += [born > _years_before(self._today, wanted.age_to + 1)]
        if ages:
            self._by(and_(*ages))

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
        self._by(fits, month_day.in_(sorted(set().union(*days.values()))))

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


def _among(first: Driver, other: Driver | None = None) -> Condition:
    """IN puts them in order: neighbours lie side by side in the file. IS 1: not by its index."""
    if first.rows is None or (other is not None and other.rows is None):
        ids = first.ids
        if other is not None:
            ids = ids.where(ids.selected_columns[0].in_(other.ids).is_(True))
        return customers.c.id.in_(ids)
    rows = first.rows
    if other is not None and other.rows is not None:
        rows = rows.where(_ROWID.in_(other.rows).is_(True))
    return _ROWID.in_(rows)


async def _shares(
    conn: AsyncConnection, conditions: Sequence[Condition]
) -> tuple[int, list[float]]:
    """How many customers there are, and which share fits each condition: some are asked."""
    newest = int((await conn.execute(_NEWEST)).scalar_one() or 1)
    # always the same ones: the next page goes the same way
    some = json.dumps([*range(1, newest + 1, max(1, newest // ASKED))])
    fit = (func.total(case((one, 1), else_=0)) for one in conditions)
    asked = select(func.count(), *fit).select_from(customers).where(_AMONG.bindparams(rows=some))
    count, *fitting = (await conn.execute(asked)).one()
    return newest, [(found + 0.5) / (count + 1) for found in fitting]


async def _counts(conn: AsyncConnection, drivers: Sequence[Driver]) -> list[int]:
    """How many fit each; RARE: so many at least."""
    some = (one.counted.limit(RARE).subquery() for one in drivers)
    counts = (select(func.count()).select_from(one).scalar_subquery() for one in some)
    return [int(count) for count in (await conn.execute(select(*counts))).one()]


def _starts(column: ColumnElement[str], text: str) -> Condition:
    """A range that an index answers, which LIKE does only for ASCII."""
    return and_(column >= text, column < text + "\U0010ffff")


def _years_before(day: date, years: int) -> str:
    try:
        return day.replace(year=day.year - years).isoformat()
    except ValueError:  # February 29
        return date(day.year - years, 2, 28).isoformat()
