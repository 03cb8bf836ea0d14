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
    """Calls that go on, by linkedid.

    A channel that comes under another linkedid joins the two calls for good, as in the tracker: its
    old companions may keep the old linkedid to their end.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._said: dict[str, str] = {}  # channel → the linkedid in its last row
        self._joined: dict[str, str] = {}  # linkedid → the one that took it in

    def add(self, place: Place, row: CelRow) -> list[CelRow] | None:
        """Take a row; answers all rows of its call when it was the call's last."""
        linkedid = self.call_of(row.linkedid)
        before = self.call_of(self._said.get(row.uniqueid, linkedid))
        if before != linkedid and before in self._open:
            self._join(before, linkedid)
        call = self._open.get(linkedid)
        if row.kind == "LINKEDID_END":
            # said also of a linkedid whose channels live on under another
            if call is None or call.alive:
                return None
            call.rows.append(row)
            return self.take(linkedid)
        if call is None:
            call = self._open[linkedid] = _Open(place)
        call.rows.append(row)
        self._said[row.uniqueid] = row.linkedid
        if row.kind == "CHAN_START":
            call.alive.add(row.uniqueid)
        elif row.kind == "CHAN_END":
            call.alive.discard(row.uniqueid)
        return None

    def call_of(self, linkedid: str) -> str:
        """The linkedid under which the call of `linkedid` is gathered."""
        while linkedid in self._joined:
            linkedid = self._joined[linkedid]
        return linkedid

    def unfinished(self) -> dict[str, CelRow]:
        """The last row of each call that has no end."""
        return {linkedid: call.rows[-1] for linkedid, call in self._open.items()}

    def take(self, linkedid: str) -> list[CelRow]:
        """That call's rows by time; it is gathered no more."""
        rows = self._open.pop(linkedid).rows
        for row in rows:
            self._said.pop(row.uniqueid, None)
            self._joined.pop(row.linkedid, None)
        return sorted(rows, key=lambda row: row.at)

    def first(self) -> Place | None:
        """Where the oldest call that goes on begins."""
        return min((call.first for call in self._open.values()), default=None)

    def _join(self, old: str, new: str) -> None:
        moved = self._open.pop(old)
        call = self._open.setdefault(new, _Open(moved.first))
        call.first = min(call.first, moved.first)
        call.rows.extend(moved.rows)
        call.alive |= moved.alive
        self._joined[old] = new
