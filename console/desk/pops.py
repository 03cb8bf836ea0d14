"""Which cards stand at which agent's screen: appear with the ring, go with the call unless pinned.

Kept here, not in a page, so that all pages of an agent show the same, also after a reload.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from console.desk.identify import Identified
from console.desk.pop import Pop, Stage

PINNED_AT_MOST = 20  # ended cards that one screen keeps


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from what the screen shows."""

    added: tuple[Pop, ...] = ()
    changed: tuple[Pop, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Screen:
    shown: dict[str, Pop] = field(default_factory=dict)  # oldest first
    closed: set[str] = field(default_factory=set)
    pinned: set[str] = field(default_factory=set)


class Pops:
    """The cards of all agents."""

    def __init__(self) -> None:
        self._screens: dict[str, _Screen] = {}

    def pinned(self, agent_id: str, key: str) -> bool:
        """Was this card pinned?"""
        return key in self._screen(agent_id).pinned

    def shown(self, agent_id: str) -> tuple[Pop, ...]:
        """The cards on an agent's screen, oldest first."""
        return tuple(self._screen(agent_id).shown.values())

    def update(self, agent_id: str, live: Iterable[Pop]) -> Changes:
        """Bring the screen in line with `live`, the cards of the agent's calls now."""
        screen = self._screen(agent_id)
        wanted = {pop.key: pop for pop in live}
        screen.closed &= wanted.keys()
        for key in screen.closed:
            del wanted[key]
        removed = [key for key in screen.shown if key not in wanted and key not in screen.pinned]
        for key in removed:
            del screen.shown[key]
        over = [pop for key, pop in screen.shown.items() if key not in wanted]
        wanted |= {pop.key: _ended(pop) for pop in over}
        added = [pop for key, pop in wanted.items() if key not in screen.shown]
        changed = [pop for key, pop in wanted.items() if screen.shown.get(key, pop) != pop]
        screen.shown.update(wanted)
        return Changes(tuple(added), tuple(changed), (*removed, *self._forget(screen)))

    def learn(self, agent_id: str, key: str, known: Identified) -> Pop | None:
        """Somebody said who it was after the call had ended; returns the card if it is shown."""
        pop = self._screen(agent_id).shown.get(key)
        if pop is None:
            return None
        told = dataclasses.replace(pop, card=known.card, candidates=known.cards)
        self._screen(agent_id).shown[key] = told
        return told

    def close(self, agent_id: str, key: str) -> None:
        """Take a card away for good; the call goes on."""
        screen = self._screen(agent_id)
        screen.closed.add(key)
        screen.pinned.discard(key)

    def pin(self, agent_id: str, key: str, on: bool) -> None:
        """Keep a card after its call has ended, or no longer; `update` brings it to the screen."""
        if on:
            self._screen(agent_id).pinned.add(key)
        else:
            self._screen(agent_id).pinned.discard(key)

    def _screen(self, agent_id: str) -> _Screen:
        return self._screens.setdefault(agent_id, _Screen())

    def _forget(self, screen: _Screen) -> list[str]:
        ended = [key for key, pop in screen.shown.items() if pop.stage is Stage.ENDED]
        too_many = ended[: max(0, len(ended) - PINNED_AT_MOST)]
        for key in too_many:
            del screen.shown[key]
            screen.pinned.discard(key)
        return too_many


def _ended(pop: Pop) -> Pop:
    return dataclasses.replace(pop, stage=Stage.ENDED, can_answer=False, pinned=True)
