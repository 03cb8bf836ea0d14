"""Opening hours: the store is the truth, AstDB makes them hold without pbxd."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pbxd.bus import Bus
from pbxd.callers.numbers import NumberPlan
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.events import HoursChanged
from pbxd.hours import queries, rules
from pbxd.hours.holidays import Holidays
from pbxd.hours.model import Kind, Mode, Schedule, SpecialDay
from pbxd.ports import Clock
from pbxd.presence.mirror import Mirror
from pbxd.store.engine import Store
from pbxd.store.metadata import new_id
from pbxd.tasks import Supervisor

FAMILY = "pbxd/hours"
LOOK_EVERY_S = 60.0  # for the end of a switch and for midnight


class Hours:
    """Reads are from memory; changes go to the store first, then to Asterisk."""

    def __init__(
        self,
        mirror: Mirror,
        store: Store,
        bus: Bus,
        plan: NumberPlan,
        supervisor: Supervisor,
        clock: Clock,
        zone: ZoneInfo,
        country: str,
    ) -> None:
        self._store = store
        self._bus = bus
        self._plan = plan
        self._clock = clock
        self._zone = zone
        self.holiday = Holidays(country)
        self._schedules: tuple[Schedule, ...] = ()
        self._days: tuple[SpecialDay, ...] = ()
        self._mirrored: tuple[date, dict[str, str]] | None = None
        self._mirror = mirror
        mirror.follow(self._wanted, bus, supervisor)

    async def load(self) -> None:
        """Read everything."""
        async with self._store.reading() as conn:
            self._schedules = await queries.schedules(conn)
            self._days = await queries.days(conn)
        self._mirrored = None

    async def run(self) -> None:
        """A new day, a switch that is over: Asterisk is told, and the screens."""
        seen = self._state()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if (state := self._state()) != seen:
                seen = state
                self._changed()

    def schedules(self) -> tuple[Schedule, ...]:
        """All; the first is the one of all lines without their own."""
        return self._schedules

    def days(self) -> tuple[SpecialDay, ...]:
        """All special days, the next first."""
        return self._days

    def get(self, schedule_id: str) -> Schedule:
        """One of them. Raises NotFound."""
        for schedule in self._schedules:
            if schedule.id == schedule_id:
                return schedule
        raise NotFound("no-hours", "These opening hours are not there any more.")

    def calendar(self, schedule: Schedule) -> rules.Calendar:
        """What it says for any day."""
        return rules.Calendar(schedule, self._days, self.holiday)

    def kind(self, line: str) -> Kind:
        """What a caller of one of our numbers (as the trunk sends it) meets now."""
        form = "".join(char for char in line if char.isdigit())
        return rules.look_up(self._wanted(), form, self._clock(), self._zone)

    async def save(self, wanted: Schedule) -> Schedule:
        """A new one (`id` ""), or another content. Raises InvalidInput, Conflict, NotFound."""
        wanted = self._checked(wanted)
        async with self._store.writing() as conn:
            if not wanted.id:
                wanted = dataclasses.replace(wanted, id=new_id(), version=1)
                await queries.add(conn, wanted)
            else:
                old = self.get(wanted.id)
                kept = dataclasses.replace(
                    wanted,
                    closed_now=old.closed_now,
                    closed_until=old.closed_until,
                    closed_by=old.closed_by,
                )
                if not await queries.keep(conn, kept, wanted.version):
                    raise _changed_meanwhile()
        await self._reload()
        return self.get(wanted.id)

    async def remove(self, schedule_id: str) -> None:
        """Its lines follow the first schedule again. Raises NotFound, InvalidInput (the first)."""
        if self.get(schedule_id) is self._schedules[0] and len(self._schedules) > 1:
            raise InvalidInput(
                "hours-first", "Delete the hours of single numbers first.", field="name"
            )
        async with self._store.writing() as conn:
            await queries.remove(conn, schedule_id)
        await self._reload()

    async def close_now(self, schedule_id: str, until: datetime | None, by: str) -> None:
        """Closed from this moment. Raises NotFound, InvalidInput, Conflict."""
        if until is not None and until <= self._clock():
            raise InvalidInput("close-past", "Choose a time that is still to come.", field="until")
        await self._switch(schedule_id, True, until, by)

    async def open_again(self, schedule_id: str, by: str) -> None:
        """The table holds again. Raises NotFound, Conflict."""
        await self._switch(schedule_id, False, None, by)

    async def add_day(self, day: SpecialDay) -> SpecialDay:
        """A day that is not as its weekday. Raises InvalidInput, NotFound."""
        name = day.name.strip()
        if len(name) > rules.LONGEST_NAME:
            raise InvalidInput("hours-name", "At most 40 characters.", field="day-name")
        if day.schedule_id:
            self.get(day.schedule_id)
        if day.mode is Mode.HOURS and day.plan is None:
            raise InvalidInput("day-hours", "Write from when to when it is open.", field="day-week")
        kept = dataclasses.replace(day, id=new_id(), name=name)
        async with self._store.writing() as conn:
            await queries.add_day(conn, kept)
        await self._reload()
        return kept

    async def remove_day(self, day_id: str) -> SpecialDay | None:
        """As every week again; what it was."""
        found = next((day for day in self._days if day.id == day_id), None)
        if found is not None:
            async with self._store.writing() as conn:
                await queries.remove_day(conn, day_id)
            await self._reload()
        return found

    def _checked(self, wanted: Schedule) -> Schedule:
        name = wanted.name.strip()
        if not name:
            raise InvalidInput("hours-no-name", "Give it a name.", field="name")
        if len(name) > rules.LONGEST_NAME:
            raise InvalidInput("hours-name", "At most 40 characters.", field="name")
        lines = tuple(dict.fromkeys(self._line(line) for line in wanted.lines))
        others = {line for one in self._schedules if one.id != wanted.id for line in one.lines}
        if taken := next((line for line in lines if line in others), ""):
            raise InvalidInput(
                "line-taken",
                "{line} has opening hours of its own already.",
                field="lines",
                line=taken,
            )
        return dataclasses.replace(wanted, name=name, lines=lines)

    def _line(self, typed: str) -> str:
        try:
            number = self._plan.parse(typed)
        except InvalidInput as refusal:
            raise InvalidInput(refusal.id, refusal.message, field="lines") from None
        return number.e164

    async def _switch(
        self, schedule_id: str, closed: bool, until: datetime | None, by: str
    ) -> None:
        old = self.get(schedule_id)
        new = dataclasses.replace(old, closed_now=closed, closed_until=until, closed_by=by)
        async with self._store.writing() as conn:
            if not await queries.keep(conn, new, old.version):
                raise _changed_meanwhile()
        await self._reload()

    async def _reload(self) -> None:
        await self.load()
        self._changed()

    def _wanted(self) -> dict[str, str]:
        today = self._clock().astimezone(self._zone).date()
        if self._mirrored is None or self._mirrored[0] != today:
            made = rules.mirror(self._schedules, self._days, today, self.holiday, self._forms)
            self._mirrored = (today, made)
        return self._mirrored[1]

    def _forms(self, line: str) -> Iterable[str]:
        """National and international, in digits: trunks send either."""
        national = "".join(char for char in self._plan.display(line) if char.isdigit())
        return (national, line.lstrip("+"))

    def _state(self) -> tuple[date, Sequence[bool]]:
        now = self._clock()
        return now.astimezone(self._zone).date(), [one.shut(now) for one in self._schedules]

    def _changed(self) -> None:
        self._bus.publish(HoursChanged(self._clock()))
        self._mirror.soon()


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "hours-changed", "Somebody else has changed these hours meanwhile. Look at them again."
    )
