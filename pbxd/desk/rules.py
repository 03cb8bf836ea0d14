"""What may be dialled. Asterisk's own patterns (`dialplan/`) say the same a second time."""

from __future__ import annotations

from pbxd.callers.numbers import Number, NumberKind
from pbxd.errors import InvalidInput

_REFUSALS = {
    NumberKind.INTERNATIONAL: (
        "international-barred",
        "{number} is an international number; those are barred here.",
    ),
    NumberKind.PREMIUM: ("premium-barred", "{number} is a premium number; those are barred here."),
    NumberKind.WITHHELD: ("no-number", "The caller's number is withheld; it cannot be called."),
}


def check_dialable(number: Number, shown: str) -> None:
    """Raise InvalidInput when nobody may dial `number` (`shown`: as people write it)."""
    if (refusal := _REFUSALS.get(number.kind)) is not None:
        id, message = refusal
        raise InvalidInput(id, message, field="number", number=shown)
