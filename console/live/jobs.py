"""How far a long job is, on the pages of those with a right, while it runs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Protocol

from console.live.parts import Parts, Rows
from console.live.stream import LiveHub, who_may


class Works(Protocol):
    """Something that does one job at a time."""

    on_progress: Callable[[], None]
    on_state: Callable[[], None]

    @property
    def running(self) -> Hashable | None:
        """The job, while it runs."""


def tell_of(works: Works, hub: LiveHub, parts: Parts, word: str, menu: str, template: str) -> None:
    """Each step changes the list `WORD-progress`; when it begins or ends, pages hear `word`."""
    progress = f"{word}-progress"

    def rows(code: str) -> Rows:
        job = works.running
        return {} if job is None else {"progress": parts.row(code, template, job)}

    def changed() -> None:
        parts.changed(progress)
        hub.send(who_may(menu), {"kind": word})

    parts.add_for_all(progress, menu, rows)
    works.on_progress = lambda: parts.changed(progress)
    works.on_state = changed
