"""The entries that somebody asks for, in the order he asks for."""

from __future__ import annotations

from console.lists.memory import Orders, finding, in_order
from console.phonebook.forms import ListQuery
from console.web.context import Context
from pbxd.phonebook.model import Entry

OWN = "group"  # and in a group by name
BY: Orders[Entry] = {
    "name": lambda entry: entry.name,
    "number": lambda entry: entry.number,
    "group": lambda entry: entry.group,
    "speed": lambda entry: int(entry.speed) if entry.speed else None,
    "memo": lambda entry: entry.memo,
}


def fitting(context: Context, query: ListQuery) -> tuple[str, list[Entry]]:
    """By what they are sorted, and they: of what this person sees."""
    daemon = context.services.daemon
    fits = finding(query.q)

    def asked(entry: Entry) -> bool:
        if query.group and entry.group != query.group:
            return False
        text = f"{entry.name} {entry.group} {entry.memo} {daemon.plan.display(entry.number)}"
        return fits(entry.number, text)

    seen = daemon.phonebook.seen_by(context.viewer.user.id)
    return in_order([one for one in seen if asked(one)], query.sort, BY, OWN)
