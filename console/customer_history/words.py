"""What was done with a customer and what belongs to it, as the history says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.audit.queries import Note
from console.service_records.model import LABELS, Status
from console.web.i18n import Language, msgid

WORDS = {
    "customer.create": msgid("entered"),
    "customer.change": msgid("changed"),
    "customer.delete": msgid("deleted"),
    "customer.restore": msgid("put back"),
    "customer.undo": msgid("taken back"),
    "customer.merge": msgid("merged into another"),
    "customer.reveal": msgid("looked at a whole number"),
    "customer.forget-number": msgid("removed a further number"),
    "customer.find-id": msgid("found it by a whole number"),
    "customer.view": msgid("looked at the page"),
    "customer.export": msgid("took it along as a file"),
    "labels.print": msgid("printed labels"),
    "consultation.create": msgid("wrote a consultation"),
    "consultation.add": msgid("added to a consultation"),
    "consultation.edit": msgid("changed a consultation"),
    "consultation.complete": msgid("completed a consultation"),
    "consultation.recall": msgid("called again as agreed"),
    "consultation.delete": msgid("deleted a consultation"),
    "consultation.restore": msgid("put a consultation back"),
    "service.create": msgid("wrote a service record"),
    "service.edit": msgid("changed a service record"),
    "service.delete": msgid("deleted a service record"),
    "service.restore": msgid("put a service record back"),
    "customer-image.add": msgid("added a picture"),
    "customer-image.main": msgid("made a picture the main one"),
    "customer-image.related": msgid("put the main picture into the album"),
    "customer-image.caption": msgid("wrote under a picture"),
    "customer-image.delete": msgid("deleted a picture"),
    "customer-image.restore": msgid("put a picture back"),
}
LOG = WORDS | {
    "consultation.export": msgid("took consultations along as a file"),
    "service.export": msgid("took service records along as a file"),
    "calls.export": msgid("took the call log along as a file"),
    "callbacks.export": msgid("took the things to do along as a file"),
    "recordings.export": msgid("took the list of recordings along as a file"),
    "scheduled.export": msgid("took scheduled calls along as a file"),
    "phonebook.export": msgid("took the phonebook along as a file"),
    "blacklist.export": msgid("took the refused numbers along as a file"),
    "users.export": msgid("took the accounts along as a file"),
    "abuse.export": msgid("took the abuse incidents along as a file"),
    "history.export": msgid("took this log along as a file"),
    "notice.export": msgid("took along who has read a notice"),
    "export.begin": msgid("had all data written into a file"),
    "export.download": msgid("took all data along as a file"),
    "customers.file": msgid("sent a file of customers"),
    "customers.import": msgid("read customers in"),
    "customers.delete": msgid("deleted many customers"),
    "customers.undo": msgid("took a change of many back"),
}


@dataclass(frozen=True, slots=True)
class KindOfChange:
    """What the log can be narrowed to."""

    label: str
    what: tuple[str, ...]


def _ending(*endings: str) -> tuple[str, ...]:
    return tuple(what for what in LOG if what.partition(".")[2] in endings)


KINDS = {
    "seen": KindOfChange(msgid("Seen"), _ending("view", "reveal", "find-id")),
    "changed": KindOfChange(
        msgid("Changed"),
        _ending(
            *("create", "change", "add", "edit", "complete", "recall", "main", "related"),
            *("caption", "restore", "undo", "file", "import"),
        ),
    ),
    "merged": KindOfChange(msgid("Merged"), _ending("merge")),
    "deleted": KindOfChange(msgid("Deleted"), _ending("delete", "forget-number")),
    "exported": KindOfChange(msgid("Exported"), _ending("export", "begin", "download", "print")),
}
_UNDONE = {
    "consultation.complete": msgid("opened a consultation again"),
    "consultation.recall": msgid("has still to call again"),
}
_SERVICE = {
    "day": msgid("Date"),
    "status": msgid("State"),
    "summary": msgid("Service summary"),
    "served_by": msgid("Served by"),
    "amount": msgid("Amount"),
    "note": msgid("Note"),
}


def what_of(note: Note, language: Language) -> str:
    """What was done, in words."""
    undone = note.what == "consultation.complete" and note.after == "true"
    undone = undone or (note.what == "consultation.recall" and note.after == "false")
    return language.text(_UNDONE[note.what] if undone else LOG.get(note.what, note.what))


def texts_of(
    note: Note, language: Language, name_of: Callable[[str], str]
) -> list[tuple[str, str, str]]:
    """(label, before, after) of what belongs to a customer; `name_of` a user's id."""
    before, after = (json.loads(text) if text else None for text in (note.before, note.after))
    match note.what.partition(".")[0]:
        case "consultation" | "customer-image" if not note.what.endswith(".export"):
            one, other = _lines(before), _lines(after)
            return [(language.text("Content"), one, other)] if one or other else []
        case "service" if not note.what.endswith(".export"):
            pairs = [
                (
                    language.text(label),
                    _cell(before, word, language, name_of),
                    _cell(after, word, language, name_of),
                )
                for word, label in _SERVICE.items()
            ]
            return [pair for pair in pairs if pair[1] != pair[2]]
    return []


def count_of(note: Note) -> int | None:
    """How many rows were taken along."""
    said = json.loads(note.after) if note.after else None
    if note.what.endswith((".export", ".download", ".print")):
        found = said[-1] if isinstance(said, list) and said else said
        found = found.get("count", found.get("rows")) if isinstance(found, dict) else found
        return found if isinstance(found, int) else None
    return None


def _lines(said: Any) -> str:
    """A text, or several parts of one."""
    if isinstance(said, list):
        return "\n".join(one for one in said if isinstance(one, str))
    return said if isinstance(said, str) else ""


def _cell(said: Any, word: str, language: Language, name_of: Callable[[str], str]) -> str:
    value = said.get(word, "") if isinstance(said, dict) else ""
    if word == "status" and value in set(Status):
        return language.text(LABELS[Status(value)])
    if word == "served_by":
        return name_of(value) or value
    return language.number(value) if isinstance(value, int) else str(value)
