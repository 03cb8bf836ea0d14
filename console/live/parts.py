"""Live lists: a page says which it shows and gets the rows that changed, four times a second.

A list is a mapping of rows: key → the HTML of one element with `data-row="key"`, in order. Pages to
which the same mapping was told get the same message, made once: with 200 pages open, what costs is
what changed, not who looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from console.live.stream import AT_ONCE, Client, LiveHub
from console.web.context import Viewer
from console.web.i18n import Languages
from console.web.templates import Templates

DRAWN = 8192  # rows kept as drawn: 500 people and their calls in three languages, several times
AT_MOST_EVERY_S = 0.25  # a busy minute must not redraw a list at each event

Rows = Mapping[str, str]
Provider = Callable[[Viewer], Rows]
_Made = dict[tuple[int, int], tuple[Rows, Rows, bytes]]  # identities of both → both, the change


class Parts:
    """The lists that pages show and the stream keeps true."""

    def __init__(self, hub: LiveHub, languages: Languages, templates: Templates) -> None:
        self._hub = hub
        self._languages = languages
        self._templates = templates
        self._drawn = lru_cache(DRAWN)(self._draw)
        self._providers: dict[str, tuple[str, Provider]] = {}
        self._about: dict[str, tuple[str, Callable[[Viewer, str], Rows]]] = {}
        self._for_all: dict[str, dict[Hashable, Rows]] = {}
        self._due: dict[str, None] = {}
        self._also: dict[Callable[[], None], None] = {}
        self._timer: asyncio.TimerHandle | None = None
        hub.on_shows(self._shows)

    def add(self, name: str, menu: str, rows: Provider) -> None:
        """The list `name`, for who may look at `menu`, that not everybody sees alike.

        `rows` should give those who see the same the same object: it is compared and encoded once.
        """
        self._providers[name] = (menu, rows)

    def add_about(self, name: str, menu: str, rows: Callable[[Viewer, str], Rows]) -> None:
        """The lists `name:…`, one for each thing; `rows` gets what stands behind the colon."""
        self._about[name] = (menu, rows)

    def add_for_all(
        self,
        name: str,
        menu: str,
        rows: Callable[[str], Rows],
        as_of: Callable[[], Hashable] = lambda: None,
    ) -> None:
        """The list `name`, the same for all who may look at `menu`; `rows` gets their language.

        It is made once a language until it has `changed`, or `as_of` says something else.
        """

        def made(viewer: Viewer) -> Rows:
            key = (viewer.language.key, as_of())
            known = self._for_all.setdefault(name, {})
            if key not in known:
                known[key] = rows(viewer.language.key)
            return known[key]

        self.add(name, menu, made)

    def row(self, code: str, template: str, row: Hashable) -> str:
        """A row as the template draws it from `row`; the same value is drawn once a language."""
        return self._drawn(code, template, row)

    def html(self, name: str, viewer: Viewer) -> str:
        """All rows, for a page that is drawn now (rows are made by templates, which escape)."""
        return "".join(self._rows(name, viewer).values())

    def changed(self, *names: str) -> None:
        """What pages show of these lists is, soon, no longer true."""
        for name in names:
            self._for_all.pop(name, None)
            self._due[name] = None
        self._wake()

    def soon(self, tell: Callable[[], None]) -> None:
        """Call `tell` once, together with the lists: what is no list but changes as often."""
        self._also[tell] = None
        self._wake()

    def _wake(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(AT_MOST_EVERY_S, self._now)

    def _now(self) -> None:
        self._timer = None
        due, self._due = self._due, {}
        also, self._also = self._also, {}
        for tell in also:
            tell()
        self._tell(tuple(due), list(self._hub.open_clients()), {})

    def _tell(self, names: tuple[str, ...], clients: list[Client], made: _Made) -> None:
        """A few pages at a time: a button that is pressed meanwhile must not wait for 200."""
        for client in clients[:AT_ONCE]:
            lists = [data for name in names if (data := self._changes(name, client, made))]
            if lists:
                self._hub.put(client, _message(lists))
        if rest := clients[AT_ONCE:]:
            asyncio.get_running_loop().call_soon(self._tell, names, rest, made)

    def _changes(self, name: str, client: Client, made: _Made) -> bytes:
        """What a page does not know yet of a list that it shows."""
        old = client.shows.get(name)
        if old is None:
            return b""
        client.shows[name] = new = self._rows(name, client.viewer)
        pair = (id(old), id(new))
        if pair not in made:
            change = difference(name, old, new)
            made[pair] = (old, new, b"" if change is None else orjson.dumps(change))
        return made[pair][2]

    def _draw(self, code: str, template: str, row: Hashable) -> str:
        return self._templates.fragment(self._languages[code], template, row=row).strip()

    def _shows(self, client: Client, names: Iterable[str]) -> None:
        """A page drew these lists: whatever it drew, it is told all of them once."""
        client.shows = {
            name: self._rows(name, client.viewer) for name in names if self._known(name)
        }
        lists = (_list(name, rows.items(), whole=True) for name, rows in client.shows.items())
        self._hub.put(client, _message(orjson.dumps(one) for one in lists))

    def _known(self, name: str) -> bool:
        word, colon, _ = name.partition(":")
        return word in self._about if colon else name in self._providers

    def _rows(self, name: str, viewer: Viewer) -> Rows:
        word, colon, thing = name.partition(":")
        if colon:
            menu, about = self._about[word]
            return about(viewer, thing) if viewer.may(menu) else {}
        menu, rows = self._providers[name]
        return rows(viewer) if viewer.may(menu) else {}


def difference(name: str, old: Rows, new: Rows) -> dict[str, Any] | None:
    """What makes `new` of `old`; None when they are the same."""
    gone = [key for key in old if key not in new]
    changed = [(key, html) for key, html in new.items() if old.get(key) != html]
    there = [key for key in old if key in new] + [key for key in new if key not in old]
    order = list(new)
    if not gone and not changed and order == there:
        return None
    change = _list(name, changed)
    if gone:
        change["gone"] = gone
    if order != there:  # new rows go to the end unless it says otherwise
        change["order"] = order
    return change


def _list(name: str, rows: Iterable[tuple[str, str]], *, whole: bool = False) -> dict[str, Any]:
    return {"part": name, "whole": whole, "rows": list(rows)}


def _message(lists: Iterable[bytes]) -> bytes:
    return b'{"kind":"rows","lists":[' + b",".join(lists) + b"]}"
