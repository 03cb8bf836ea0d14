"""Service records of all customers as a file: what their columns say."""

from __future__ import annotations

from console.lists.export import Sheet, Values
from console.service_records.columns import COLUMNS, LIST
from console.service_records.section import Shown
from console.web.context import Context
from console.web.i18n import msgid


def record_sheet(context: Context) -> Sheet[Shown]:
    """All in their columns, and the customer's number beside his name."""
    text, display = context.language.text, context.services.daemon.plan.display
    values: Values[Shown] = {
        "day": lambda row: row.record.entry.day.isoformat(),
        "customer": {
            text("Customer"): lambda row: row.customer,
            text("Number"): lambda row: display(row.phones[0].number) if row.phones else "",
        },
        "status": lambda row: text(row.label),
        "summary": lambda row: row.record.entry.summary,
        "served_by": lambda row: row.served_by,
        "amount": lambda row: row.record.entry.amount,
        "note": lambda row: row.record.entry.note,
    }
    return Sheet(LIST, msgid("Service records"), COLUMNS, values, what="service")
