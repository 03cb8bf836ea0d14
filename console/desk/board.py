"""The home page's live parts: calls that go on and colleagues, told to everybody who may see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from console.desk.home import colleagues, live_rows
from console.desk.screens import People
from console.desk.state import Names
from console.live.stream import LiveHub
from console.web.context import Viewer
from console.web.i18n import Language, Languages
from console.web.permissions import Scope
from console.web.templates import Templates
from pbxd.agents.model import Agent
from pbxd.bus import Bus
from pbxd.calls.live import LiveCalls
from pbxd.calls.model import Call, LegState
from pbxd.desk.situation import ringing_caller
from pbxd.events import (
    AgentsChanged,
    AgentStateChanged,
    CallEnded,
    CallEvent,
    CallIdentified,
    CallRecorded,
)
from pbxd.queues.model import Queue

AT_MOST_EVERY_S = 0.25  # a busy minute must not redraw the list at each event
KEPT = 500  # calls that ended and are not recorded yet


class Board:
    """Redraws what changed, at most four times a second."""

    def __init__(
        self,
        bus: Bus,
        live: LiveCalls,
        people: People,
        names: Names,
        hub: LiveHub,
        languages: Languages,
        templates: Templates,
        queues: Callable[[], Iterable[Queue]] = tuple,
        may_pick_up: Callable[[Agent, Call], bool] | None = None,
    ) -> None:
        self._may_pick_up = may_pick_up
        self._live = live
        self._people = people
        self._names = names
        self._hub = hub
        self._languages = languages
        self._templates = templates
        self._queues = queues
        self._due: set[Callable[[], None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._ended: dict[str, frozenset[str]] = {}  # call → the extensions that had a part
        self._rang: dict[str, Any] = {"kind": "ringing", "calls": []}
        bus.subscribe(CallEvent, lambda event: self._later(self._tell_calls))
        bus.subscribe(CallEvent, lambda event: self._later(self._tell_ringing))
        bus.subscribe(CallIdentified, lambda event: self._later(self._tell_calls))
        bus.subscribe(AgentStateChanged, lambda event: self._later(self._tell_colleagues))
        bus.subscribe(AgentsChanged, lambda event: self._later(self._tell_colleagues))
        bus.subscribe(CallEnded, self._remember)
        bus.subscribe(CallRecorded, self._recorded)

    def calls_html(self, viewer: Viewer) -> str:
        """The calls that this person may see."""
        return self._calls(viewer.language, self._visible(viewer))

    def colleagues_html(self, language: Language) -> str:
        """Who is there."""
        return self._templates.fragment(
            language, "desk/colleagues.html", colleagues=colleagues(self._people)
        )

    def targets_html(self, language: Language) -> str:
        """To whom a call can be sent."""
        return self._templates.fragment(
            language,
            "desk/targets.html",
            colleagues=colleagues(self._people),
            queues=self._queues(),
        )

    def warm(self, language: Language) -> None:
        """Compile the templates."""
        self._calls(language, ())
        self.colleagues_html(language)

    def _visible(self, viewer: Viewer) -> tuple[Call, ...]:
        if viewer.scope("calls") >= Scope.ALL:
            return self._live.calls()
        agent = self._people.by_id(viewer.user.agent_id) if viewer.user.agent_id else None
        if agent is None:
            return ()
        mine = self._live.of_extension(agent.extension)
        ringing = (call for call in self._live.calls() if ringing_caller(call) is not None)
        return tuple(dict.fromkeys((*mine, *(call for call in ringing if call not in mine))))

    def _calls(self, language: Language, calls: Iterable[Call]) -> str:
        rows = live_rows(calls, self._names)
        return self._templates.fragment(language, "desk/live_calls.html", rows=rows)

    def _later(self, tell: Callable[[], None]) -> None:
        self._due.add(tell)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(AT_MOST_EVERY_S, self._now)

    def _now(self) -> None:
        self._timer = None
        due, self._due = self._due, set()
        for tell in due:
            tell()

    def _tell_calls(self) -> None:
        self._hub.send_each(
            lambda viewer: viewer.scope("calls") >= Scope.ALL,
            lambda code: _outer(
                "#live-calls", self._calls(self._languages[code], self._live.calls())
            ),
        )
        # one viewer of each agent is enough to know what all of that agent's pages may see
        narrow = {v.user.agent_id: v for v in self._hub.viewers() if v.scope("calls") < Scope.ALL}
        for agent_id, one in narrow.items():
            calls = self._visible(one)
            self._hub.send_each(
                _narrow_pages(agent_id),
                lambda code, calls=calls: _outer(  # type: ignore[misc]
                    "#live-calls", self._calls(self._languages[code], calls)
                ),
            )

    def _tell_colleagues(self) -> None:
        self._hub.send_each(
            lambda viewer: viewer.may("desk"),
            lambda code: _outer("#colleagues", self.colleagues_html(self._languages[code])),
        )
        self._hub.send_each(
            lambda viewer: viewer.may("desk"),
            lambda code: _outer("#targets", self.targets_html(self._languages[code])),
        )

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


def _narrow_pages(agent_id: str) -> Callable[[Viewer], bool]:
    return lambda viewer: viewer.user.agent_id == agent_id and viewer.scope("calls") < Scope.ALL


def _outer(target: str, html: str) -> dict[str, Any]:
    return {"kind": "fragment", "target": target, "swap": "outer", "html": html}
