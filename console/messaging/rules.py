"""Who gets a message by which way, who is left out and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.customers.model import Customer, PhoneKind

LONGEST_MAIL = 1_800  # characters of a mailto: address that every program takes


class By(StrEnum):
    """The way."""

    SMS = "sms"
    EMAIL = "email"
    FAX = "fax"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who gets it; `to` is the number (E.164) or the e-mail address, "" for who is left out."""

    id: str
    name: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets it; who refused text messages, who has no address of that kind, whose number is
    another's too and gets it once."""

    to: tuple[Recipient, ...]
    refused: tuple[Recipient, ...]
    without: tuple[Recipient, ...]
    same: tuple[Recipient, ...]


def recipients(
    customers: Iterable[Customer], by: By, is_mobile: Callable[[str], bool]
) -> Recipients:
    """In the order of the list."""
    to: dict[str, Recipient] = {}
    refused, without, same = [], [], []
    for one in customers:
        address = _address(one, by, is_mobile)
        if by is By.SMS and one.details.no_sms:
            refused.append(Recipient(one.id, one.name))
        elif not address:
            without.append(Recipient(one.id, one.name))
        elif address.casefold() in to:
            same.append(Recipient(one.id, one.name, address))
        else:
            to[address.casefold()] = Recipient(one.id, one.name, address)
    return Recipients(tuple(to.values()), tuple(refused), tuple(without), tuple(same))


def batches(to: Sequence[Recipient], by: By, size: int) -> Iterator[tuple[Recipient, ...]]:
    """As many at once as a telephone or a mail program takes."""
    batch: list[Recipient] = []
    length = 0
    for one in to:
        full = length + len(one.to) > LONGEST_MAIL if by is By.EMAIL else len(batch) >= size
        if batch and full:
            yield tuple(batch)
            batch, length = [], 0
        batch.append(one)
        length += len(one.to) + 1
    if batch:
        yield tuple(batch)


def _address(customer: Customer, by: By, is_mobile: Callable[[str], bool]) -> str:
    phones = customer.details.phones
    match by:
        case By.EMAIL:
            return customer.details.email
        case By.FAX:
            found = (one.number for one in phones if one.kind is PhoneKind.FAX)
        case By.SMS:
            found = (
                one.number
                for one in phones
                if one.kind is not PhoneKind.FAX and is_mobile(one.number)
            )
    return next(found, "")
