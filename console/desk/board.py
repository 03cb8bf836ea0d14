"""What everybody sees of the desk: calls that go on, colleagues, to whom a call can go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from console.desk.home import Colleague, LiveRow, colleague, live_row
from console.desk.screens import People
from console.desk.state import Names
from console.live.parts import Parts, Rows
from console.live.stream import LiveHub
from console.web.context import Viewer
from console.web.i18n import Language
from console.web.permissions import Scope
from console.web.templates import Templates
from pbxd.agents.model import Agent
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, LegState
from pbxd.desk.situation import ringing_caller
from pbxd.events import (
    AgentPresenceChanged,
    AgentsChanged,
    AgentStateChanged,
    CallEnded,
    CallEvent,
    CallIdentified,
    CallRecorded,
    PhonebookChanged,
    QueuesChanged,
)
from pbxd.phonebook.model import Entry
from pbxd.queues.model import Queue

MOST_ENTRIES = 200  # of the phonebook, in the transfer panel
KEPT = 500  # calls that ended and are not recorded yet


class Board:
    """Draws each row once for all who see it, and tells what rings."""

    def __init__(
        self,
        bus: Bus,
        live: LiveCalls,
        people: People,
        names: Names,
        hub: LiveHub,
        parts: Parts,
        templates: Templates,
        queues: Callable[[], Iterable[Queue]] = tuple,
        may_pick_up: Callable[[Agent, Call], bool] | None = None,
        book: Callable[[], Iterable[Entry]] = tuple,
        display: Callable[[str], str] = str,
    ) -> None:
        self._book = book
        self._display = display
        self._may_pick_up = may_pick_up
        self._live = live
        self._people = people
        self._names = names
        self._hub = hub
        self._parts = parts
        self._templates = templates
        self._queues = queues
        self._now: _CallsNow | None = None
        self._rows: dict[str, tuple[Call, LiveRow]] = {}  # as of the last look
        self._colleagues: dict[str, Colleague] = {}  # by agent
        self._ended: dict[str, frozenset[str]] = {}  # call → the extensions that had a part
        self._rang: dict[str, Any] = {"kind": "ringing", "calls": []}
        parts.add("live-calls", "desk", self._call_rows)
        parts.add_for_all("colleagues", "desk", self._people_rows)
        parts.add_for_all("targets", "desk", self._targets)
        bus.subscribe(CallEvent, lambda event: self._calls_changed())
        bus.subscribe(CallEvent, lambda event: parts.soon(self._tell_ringing))
        bus.subscribe(CallIdentified, lambda event: self._calls_changed(event.key))
        bus.subscribe(AgentStateChanged, lambda event: self._people_changed(event.agent_id))
        bus.subscribe(AgentPresenceChanged, lambda event: self._people_changed(event.agent_id))
        bus.subscribe(AgentsChanged, lambda event: self._everybody_changed())
        bus.subscribe(QueuesChanged, lambda event: parts.changed("targets"))
        bus.subscribe(PhonebookChanged, lambda event: parts.changed("targets"))
        bus.subscribe(CallEnded, self._remember)
        bus.subscribe(CallRecorded, self._recorded)

    def warm(self, language: Language) -> None:
        """Compile the templates."""
        self._people_rows(language.key)
        self._targets(language.key)
        self._templates.compile(language, "desk/live_call.html")

    def _calls_changed(self, identified: str = "") -> None:
        self._now = None
        self._rows.pop(identified, None)
        self._parts.changed("live-calls")

    def _people_changed(self, agent_id: str) -> None:
        self._colleagues.pop(agent_id, None)
        self._parts.changed("colleagues", "targets")

    def _everybody_changed(self) -> None:
        """Also names, which calls show."""
        self._colleagues.clear()
        self._rows.clear()
        self._parts.changed("colleagues", "targets")
        self._calls_changed()

    def _look(self) -> _CallsNow:
        """What goes on now; of the rows, only those of calls that changed are made anew."""
        if self._now is None:
            calls = self._live.calls()
            old = self._rows
            self._rows = {
                call.key: there
                if (there := old.get(call.key)) is not None and there[0] is call
                else (call, live_row(call, self._names))
                for call in sorted(calls, key=lambda call: call.started_at)
            }
            self._now = _CallsNow(self._rows.values())
        return self._now

    def _everybody(self) -> Iterable[Colleague]:
        for agent in self._people.all():
            if (known := self._colleagues.get(agent.id)) is None:
                known = self._colleagues[agent.id] = colleague(agent, self._people)
            yield known

    def _call_rows(self, viewer: Viewer) -> Rows:
        """All calls, or one's own and what rings (it can be picked up)."""
        now, code = self._look(), viewer.language.key
        if viewer.scope("calls") >= Scope.ALL:
            keys = tuple(now.rows)
        else:
            agent = self._people.by_id(viewer.user.agent_id) if viewer.user.agent_id else None
            keys = now.for_extension(agent.extension) if agent is not None else ()
        made = now.made.get((code, keys))
        if made is None:
            draw = self._parts.row
            made = {key: draw(code, "desk/live_call.html", now.rows[key]) for key in keys}
            now.made[code, keys] = made
        return made

    def _people_rows(self, code: str) -> Rows:
        draw = self._parts.row
        return {one.id: draw(code, "desk/colleague.html", one) for one in self._everybody()}

    def _targets(self, code: str) -> Rows:
        draw = self._parts.row
        people = {one.id: draw(code, "desk/target.html", one) for one in self._everybody()}
        queues = {
            f"queue:{queue.word}": draw(code, "desk/target_queue.html", (queue.word, queue.name))
            for queue in self._queues()
        }
        # those with a speed dial first: a long book is not what one scrolls in a call
        entries = sorted(self._book(), key=lambda one: (not one.speed, one.name))[:MOST_ENTRIES]
        numbers = {
            f"book:{one.id}": draw(
                code,
                "desk/target_book.html",
                (one.id, one.name, one.number, self._display(one.number)),
            )
            for one in entries
        }
        return people | queues | numbers

    def ringing(self) -> dict[str, Any]:
        """The message of what rings at whose phone now, oldest first: it can be picked up."""
        rows = [
            {
                "key": call.key,
                "at": sorted(
                    {
                        leg.party.extension
                        for leg in call.legs
                        if leg.state is LegState.RINGING and leg.party.extension
                    }
                ),
                "caller": caller.party.extension,
                "for": self._who_may(call),
            }
            for call in sorted(self._live.calls(), key=lambda call: call.started_at)
            if (caller := ringing_caller(call)) is not None
        ]
        return {"kind": "ringing", "calls": rows}

    def _who_may(self, call: Call) -> list[str] | None:
        """The extensions that may pick the call up; None: all."""
        may = self._may_pick_up
        if may is None:
            return None
        return [one.extension for one in self._people.all() if may(one, call)]

    def _tell_ringing(self) -> None:
        message = self.ringing()
        if message != self._rang:
            self._rang = message
            self._hub.send(lambda viewer: viewer.may("desk"), message)

    def _remember(self, event: CallEnded) -> None:
        parts = frozenset(leg.party.extension for leg in event.call.legs) | {event.call.clicked_by}
        self._ended[event.call.key] = parts - {""}
        while len(self._ended) > KEPT:
            del self._ended[next(iter(self._ended))]

    def _recorded(self, event: CallRecorded) -> None:
        extensions = self._ended.pop(event.key, frozenset())
        agents = {agent.id for agent in self._people.all() if agent.extension in extensions}
        if agents:
            self._hub.send(lambda viewer: viewer.user.agent_id in agents, {"kind": "recorded"})


class _CallsNow:
    """The calls as of one moment, made into rows once."""

    def __init__(self, rows: Iterable[tuple[Call, LiveRow]]) -> None:
        found = tuple(rows)
        self.rows: dict[str, LiveRow] = {call.key: row for call, row in found}
        self.made: dict[tuple[str, tuple[str, ...]], Rows] = {}
        self._ringing = tuple(key for key, row in self.rows.items() if row.can_pick_up)
        self._of: dict[str, set[str]] = {}
        for call, _ in found:
            for leg in call.legs:
                if leg.party.extension and leg.state is not LegState.ENDED:
                    self._of.setdefault(leg.party.extension, set()).add(call.key)

    def for_extension(self, extension: str) -> tuple[str, ...]:
        """The calls of that phone and those that ring, oldest first."""
        mine = self._of.get(extension)
        if mine is None or mine.issubset(self._ringing):
            return self._ringing
        wanted = mine.union(self._ringing)
        return tuple(key for key in self.rows if key in wanted)
