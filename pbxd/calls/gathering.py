"""Rows of the event log, gathered by call until each call is over. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbxd.calls.cel import CelRow

Place = tuple[int, int]  # (which of the files, offset): orders rows over a rotation


@dataclass(slots=True)
class _Open:
    """A call that is not over; `alive` are its channels that have not ended."""

    first: Place
    rows: list[CelRow] = field(default_factory=list)
    alive: set[str] = field(default_factory=set)


class Gathering:
    """Calls that go on, by linkedid."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._home: dict[str, str] = {}  # channel → linkedid of its call

    def add(self, place: Place, row: CelRow) -> list[CelRow] | None:
        """Take a row; answers all rows of its call when it was the call's last."""
        home = self._home.get(row.uniqueid, row.linkedid)
        if home != row.linkedid:
            self._join(home, row.linkedid)
        call = self._open.get(row.linkedid)
        if row.kind == "LINKEDID_END":
            # said also of a linkedid whose channels live on under another: their rows bring it
            if call is None or call.alive:
                return None
            call.rows.append(row)
            return self.take(row.linkedid)
        if call is None:
            call = self._open[row.linkedid] = _Open(place)
        call.rows.append(row)
        self._home[row.uniqueid] = row.linkedid
        if row.kind == "CHAN_START":
            call.alive.add(row.uniqueid)
        elif row.kind == "CHAN_END":
            call.alive.discard(row.uniqueid)
        return None

    def unfinished(self) -> dict[str, CelRow]:
        """The last row of each call that has no end."""
        return {linkedid: call.rows[-1] for linkedid, call in self._open.items()}

    def take(self, linkedid: str) -> list[CelRow]:
        """That call's rows by time; it is gathered no more."""
        rows = self._open.pop(linkedid).rows
        for row in rows:
            self._home.pop(row.uniqueid, None)
        return sorted(rows, key=lambda row: row.at)

    def first(self) -> Place | None:
        """Where the oldest call that goes on begins."""
        return min((call.first for call in self._open.values()), default=None)

    def _join(self, old: str, new: str) -> None:
        """A channel that has come under another linkedid brings its whole call along."""
        moved = self._open.pop(old, None)
        if moved is None:
            return
        call = self._open.setdefault(new, _Open(moved.first))
        call.first = min(call.first, moved.first)
        call.rows.extend(moved.rows)
        call.alive |= moved.alive
        for row in moved.rows:
            self._home[row.uniqueid] = new
