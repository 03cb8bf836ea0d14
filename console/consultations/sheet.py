"""The history of consultations as a file: what its columns say."""

from __future__ import annotations

from console.consultations.columns import COLUMNS, LIST
from console.consultations.model import LEVELS
from console.consultations.section import Shown
from console.lists.export import Sheet, Value, Values, stamp
from console.web.context import Context
from console.web.i18n import msgid


def consultation_sheet(context: Context) -> Sheet[Shown]:
    """The whole history in its columns."""
    title = msgid("Consultations")
    return Sheet(LIST, title, COLUMNS, _values(context), what="consultation")


def _values(context: Context) -> Values[Shown]:
    text, display = context.language.text, context.services.daemon.plan.display
    names = {one.id: one.name for one in context.services.consultations.types()}

    def type(level: int) -> Value[Shown]:
        return lambda row: names.get(row.case.types[level - 1], "")

    return {
        "time": lambda row: stamp(context, row.case.at),
        "customer": lambda row: row.name,
        "number": lambda row: display(row.phones[0].number) if row.phones else "",
        "content": {
            **{text("Type %(level)d") % {"level": level}: type(level) for level in LEVELS},
            text("Content"): lambda row: "\n".join(one.part.text for one in row.parts),
        },
        "agent": lambda row: row.by,
        "state": lambda row: text("Unfinished") if row.case.open else text("Done"),
        "recall": lambda row: stamp(context, row.case.recall_at),
        "remarks": lambda row: row.case.remarks,
    }
