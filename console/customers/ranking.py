"""The order of the quick search's hits. Pure."""

from __future__ import annotations

from console.customers.model import Details, PhoneKind
from pbxd.store.search import initials


def rank(details: Details, query: str) -> tuple[int, int]:
    """Where a hit stands in the quick search: number, name, company, phone, mobile, address
    (S3-20); within each, what begins with the query first."""
    text = query.strip().casefold()
    digits = "".join(char for char in text if char.isdigit()).removeprefix("0")
    fixed = [one.number for one in details.phones if one.kind is not PhoneKind.MOBILE]
    mobiles = [one.number for one in details.phones if one.kind is PhoneKind.MOBILE]
    fields: tuple[tuple[str, list[str]], ...] = (
        (text, [details.number]),
        (text, [details.name, _initials(details.name), details.alias]),
        (text, [details.company, _initials(details.company)]),
        (digits, fixed),
        (digits, mobiles),
        (text, [details.address, details.address2]),
    )
    for place, (wanted, values) in enumerate(fields):
        held = [value.casefold() for value in values if wanted and wanted in value.casefold()]
        if held:
            return place, 0 if any(value.startswith(wanted) for value in held) else 1
    return len(fields), 0


def _initials(text: str) -> str:
    return "".join(initials(char) if "가" <= char <= "힣" else char for char in text)
