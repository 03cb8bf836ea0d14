"""A telephone's contacts (vCards 2.1 to 4.0) as the rows of a table (S0-16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import vobject

HEADS = (
    "name", "mobile", "phone", "work", "fax", "email", "company", "department", "title",
    "postcode", "address", "birthday", "memo",
)  # fmt: skip


def vcard_rows(content: str) -> Iterator[list[str]]:
    """Headings, then one row a contact; what cannot be read of a card is left out."""
    yield list(HEADS)
    for card in vobject.readComponents(content, ignoreUnreadable=True, allowQP=True):
        yield _row(card)


def _row(card: Any) -> list[str]:
    found: dict[str, list[str]] = {head: [] for head in HEADS}
    for line in card.getChildren():
        kinds = {str(kind).upper() for kind in line.params.get("TYPE", [])} | {
            key.upper() for key in line.params
        }
        match line.name.upper():
            case "FN":
                found["name"].append(str(line.value))
            case "TEL":
                found[_phone(kinds)].append(str(line.value))
            case "EMAIL":
                found["email"][:] = found["email"] or [str(line.value)]
            case "ORG":
                parts = list(line.value) if isinstance(line.value, list) else [str(line.value)]
                found["company"], found["department"] = parts[:1], parts[1:2]
            case "TITLE":
                found["title"].append(str(line.value))
            case "ADR" if not found["address"]:
                found["address"], found["postcode"] = _address(line.value)
            case "BDAY":
                found["birthday"].append(str(line.value).replace("--", "")[:10])
            case "NOTE":
                found["memo"].append(str(line.value))
    if not found["name"] and hasattr(card, "n"):
        found["name"] = [str(card.n.value).strip()]
    return [", ".join(one for one in found[head] if one) for head in HEADS]


def _phone(kinds: set[str]) -> str:
    if "FAX" in kinds:
        return "fax"
    if "CELL" in kinds:
        return "mobile"
    return "work" if "WORK" in kinds else "phone"


def _address(value: Any) -> tuple[list[str], list[str]]:
    parts = [getattr(value, part, "") for part in ("region", "city", "street", "extended")]
    texts = [part if isinstance(part, str) else " ".join(part) for part in parts]
    code = getattr(value, "code", "")
    return [" ".join(one for one in texts if one)], [str(code)] if code else []
