"""The call log as a file: what its columns say."""

from __future__ import annotations

from console.calls.columns import COLUMNS, LIST
from console.calls.rows import CallRow
from console.lists.export import Sheet, Values, stamp
from console.web.context import Context
from console.web.i18n import msgid
from pbxd.calls.model import Direction

DIRECTIONS = {
    Direction.IN: msgid("Incoming"),
    Direction.OUT: msgid("Outgoing"),
    Direction.INTERNAL: msgid("Internal"),
}


def call_sheet(context: Context) -> Sheet[CallRow]:
    """The whole log in its columns."""
    return Sheet(LIST, msgid("Call log"), COLUMNS, _values(context))


def _values(context: Context) -> Values[CallRow]:
    text, display = context.language.text, context.services.daemon.plan.display
    outcomes = context.words("calls/words.html", "outcomes")

    def number(row: CallRow) -> str:
        record = row.record
        return record.other_extension if row.internal else display(record.number)

    def talked(row: CallRow) -> str | int:
        return int(row.record.talk_seconds) if row.record.answered_at is not None else ""

    return {
        "time": lambda row: stamp(context, row.record.started_at),
        "customer": lambda row: row.name,
        "number": number,
        "outcome": lambda row: outcomes[row.record.outcome.value],
        "rang": {text("Rang (seconds)"): lambda row: int(row.record.ring_seconds)},
        "talked": {text("Talked (seconds)"): talked},
        "agent": lambda row: row.agent,
        "line": lambda row: row.line,
        "memo": lambda row: row.memo.text if row.memo is not None else "",
        "direction": lambda row: text(DIRECTIONS[row.record.direction]),
        "ended": lambda row: stamp(context, row.record.ended_at),
        "held": {text("On hold (seconds)"): lambda row: int(row.record.hold_seconds) or ""},
        "queue": lambda row: row.queue,
        "extension": lambda row: row.record.extension,
    }
