"""Two customers made one: which value of each field stays, and that nothing is lost. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import Any

from console.customers.model import Details, Phone

_TEXTS = ("remarks", "memo")
_LISTS = {"phones", "groups", "entries", "custom"}
_FLAGS = {"vip", "caution", "no_sms", "no_label"}


def differing(kept: Details, other: Details) -> list[str]:
    """Fields that both have, and differently: the person says which one stays."""
    return [
        one.name
        for one in fields(Details)
        if one.name not in {*_LISTS, *_FLAGS, *_TEXTS, "prospect", "kind"}
        and getattr(kept, one.name)
        and getattr(other, one.name)
        and getattr(kept, one.name) != getattr(other, one.name)
    ]


def merged(kept: Details, other: Details, take: Collection[str] = ()) -> tuple[Details, list[str]]:
    """`kept` with all of `other`: (the customer, lines for the memo of what lost its place).

    Empty fields are filled, lists are joined, warnings and refusals hold if one has them; of fields
    that both have the kept one's stays, or the other's where `take` names it.
    """
    changes: dict[str, Any] = {}
    lost: list[str] = []
    for one in fields(Details):
        name = one.name
        mine, theirs = getattr(kept, name), getattr(other, name)
        if name in _LISTS or name in _TEXTS:
            continue
        if name in _FLAGS:
            changes[name] = mine or theirs
        elif name == "prospect":
            changes[name] = mine and theirs  # who has become a customer is one
        elif not mine or (theirs and name in take):
            changes[name] = theirs
            if mine and theirs and mine != theirs:
                lost.append(name)
        elif theirs and mine != theirs and name != "kind":
            lost.append(name)
    changes["phones"] = _phones(kept.phones, other.phones)
    changes["groups"] = tuple(dict.fromkeys((*kept.groups, *other.groups)))
    changes["entries"] = tuple(dict.fromkeys((*kept.entries, *other.entries)))
    changes["custom"] = tuple(sorted((dict(other.custom) | dict(kept.custom)).items()))
    for name in _TEXTS:
        parts = dict.fromkeys(part for part in (getattr(kept, name), getattr(other, name)) if part)
        changes[name] = "\n".join(parts)
    return replace(kept, **changes), lost


def _phones(kept: Iterable[Phone], other: Iterable[Phone]) -> tuple[Phone, ...]:
    """Each number once, with what was written beside it in both."""
    found = {phone.number: phone for phone in kept}
    for phone in other:
        known = found.get(phone.number)
        memos = dict.fromkeys(one.memo for one in (known, phone) if one is not None and one.memo)
        found[phone.number] = replace(known or phone, memo=", ".join(memos))
    return tuple(found.values())


def lost_custom(kept: Details, other: Details) -> list[str]:
    """Own fields of `other` whose value the kept one's replaces."""
    mine = dict(kept.custom)
    return [word for word, text in other.custom if mine.get(word, text) != text]
