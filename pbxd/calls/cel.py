"""Asterisk's own event log (CEL) → the same calls that the AMI stream would have given. Pure.

The columns are those of `dialplan/cel_custom-pbxd.conf`. CEL does not say when a phone rang: the
start of the called channel stands for it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from pbxd.ami import events as ami
from pbxd.ami.events import AmiEvent, Channel, ChannelState
from pbxd.calls.model import Call
from pbxd.calls.outcome import INVALID
from pbxd.calls.parties import Endpoints
from pbxd.calls.tracker import Tracker
from pbxd.events import CallEnded

CLICK_PREFIX = "pbxd-"  # channel ids that click-to-call chooses
_COLUMNS = 20
_BEGINNING = re.compile(rb'^"[A-Z_]+","\d+\.\d+","', re.MULTILINE)
_LONGEST = 1 << 16  # bytes; a record has some hundreds
_NEVER_RANG = {"BUSY", "CHANUNAVAIL", "CONGESTION"}


@dataclass(frozen=True, slots=True)
class CelRow:
    """One line; `at` is UTC, `extra` Asterisk's JSON (cause, who hung up, how the dial ended)."""

    kind: str
    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    caller_name: str
    caller_number: str
    exten: str
    context: str
    extra: dict[str, object]

    def snapshot(self, state: ChannelState) -> Channel:
        """The channel as an AMI event would show it."""
        return Channel(
            self.uniqueid,
            self.linkedid,
            self.channel,
            state,
            self.caller_number,
            self.caller_name,
            context=self.context,
            exten=self.exten,
        )


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Whole CSV records in `data` with the offset behind each; a last part without end is left.

    A record's beginning cannot stand inside a quoted value (whose quotes are doubled): so a record
    that a crash or a full disk has cut costs itself and not those behind it.
    """
    starts = [found.start() for found in _BEGINNING.finditer(data)]
    done = 0
    for start, limit in pairwise([*starts, len(data)]):
        end = _end(data, start, limit)
        if end:
            done = end
            yield end, data[start:end]
    if len(data) - done > _LONGEST:  # nothing of ours: read on behind it
        yield data.rfind(b"\n", 0, len(data) - 1) + 1 or len(data), b""


def _end(data: bytes, start: int, limit: int) -> int:
    """Behind the first line break that stands in no quoted value; 0: there is none."""
    end = begun = start
    quotes = 0
    while (newline := data.find(b"\n", begun, limit)) >= 0:
        end = newline + 1
        quotes += data.count(b'"', begun, end)
        if quotes % 2 == 0:
            return end
        begun = end
    return 0


def parse(record: bytes) -> CelRow | None:
    """One record; None for what is none (a line cut by a crash, somebody else's)."""
    text = record.decode("utf-8", "replace")
    try:
        fields = next(csv.reader([text]), [])
        if len(fields) != _COLUMNS:
            return None
        at = datetime.fromtimestamp(float(fields[1]), UTC)
        extra = json.loads(fields[19]) if fields[19] else {}
    except (csv.Error, ValueError, OverflowError, OSError):
        return None
    if not fields[2] or not fields[3] or not isinstance(extra, dict):
        return None
    return CelRow(
        kind=fields[0],
        at=at,
        uniqueid=fields[2],
        linkedid=fields[3],
        channel=fields[4],
        caller_name=fields[5],
        caller_number=fields[6],
        exten=fields[10],
        context=fields[11],
        extra=extra,
    )


def call_of(
    rows: Iterable[CelRow], endpoints: Endpoints, new_key: Callable[[], str]
) -> Call | None:
    """The call that the rows of one linkedid tell of; None when they hold no channel's start.

    Without its end (Asterisk died) the call ends at its last row, `end_known` False.
    """
    rows = tuple(rows)
    tracker = Tracker(endpoints, new_key)
    for row in rows:
        if row.kind == "CHAN_START" and row.uniqueid.startswith(CLICK_PREFIX):
            extension = endpoints.extension(row.snapshot(ChannelState.DOWN).endpoint)
            tracker.expect(row.uniqueid, extension, _clicked_number(rows, row))
    ended: Call | None = None
    for event in _events(rows):
        for said in tracker.apply(event):
            if isinstance(said, CallEnded):
                ended = said.call
    if ended is None and rows:
        for said in tracker.repair((), rows[-1].at):
            if isinstance(said, CallEnded):
                ended = said.call
    return ended


def _events(rows: tuple[CelRow, ...]) -> Iterator[AmiEvent]:
    answered = {row.uniqueid for row in rows if row.kind == "ANSWER"}
    status = next((str(row.extra["dialstatus"]) for row in rows if row.extra.get("dialstatus")), "")
    unreachable = {
        row.uniqueid
        for row in rows
        if row.kind == "HANGUP" and row.extra.get("hangupcause") in INVALID
    }
    for row in rows:
        match row.kind:
            case "CHAN_START":
                channel = row.snapshot(ChannelState.DOWN)
                yield ami.Newchannel(row.at, channel)
                called = row.uniqueid != row.linkedid
                silent = status in _NEVER_RANG or row.uniqueid in unreachable
                if called and (row.uniqueid in answered or not silent):
                    yield ami.Newstate(row.at, row.snapshot(ChannelState.RINGING))
            case "ANSWER":
                yield ami.Newstate(row.at, row.snapshot(ChannelState.UP))
            case "BRIDGE_ENTER":
                yield ami.BridgeEnter(row.at, row.snapshot(ChannelState.UP), "", 0)
            case "HANGUP":
                yield from _hangup(row, status if row.uniqueid not in answered else "ANSWER")


def _hangup(row: CelRow, status: str) -> Iterator[AmiEvent]:
    cause = row.extra.get("hangupcause")
    channel = row.snapshot(ChannelState.UP)
    if row.uniqueid != row.linkedid and status:
        yield ami.DialEnd(row.at, None, channel, status)
    code = cause if isinstance(cause, int) else 0
    if row.extra.get("hangupsource") == row.channel:
        yield ami.HangupRequest(row.at, channel, code, soft=False)
    yield ami.Hangup(row.at, channel, code, "")


def _clicked_number(rows: tuple[CelRow, ...], first: CelRow) -> str:
    if first.exten not in ("", "s"):
        return first.exten
    later = [row for row in rows if row.uniqueid == first.uniqueid]
    said = [row.exten for row in later] + [
        row.caller_number for row in later if row.caller_number != first.caller_number
    ]
    return next((number for number in said if number.lstrip("+").isdigit()), "")
