"""A customer as the desk shows who is calling."""

from __future__ import annotations

from console.codes.service import Codes
from console.customers.dates import solar
from console.customers.model import Customer, Details
from console.customers.personal import mask_of
from console.desk.ports import CallerCard
from console.fields.model import Field, Kind
from console.fields.service import Fields
from pbxd.callers.numbers import NumberPlan


def card_of(
    customer: Customer, chosen: bool, codes: Codes, fields: Fields, plan: NumberPlan
) -> CallerCard:
    """`chosen`: somebody said that the number is this one's."""
    details = customer.details
    grade = codes.get(details.grade)
    return CallerCard(
        customer_id=customer.id,
        name=details.name,
        company=details.company,
        address=details.address,
        grade=grade.name if grade is not None else "",
        flags=tuple(flag for flag in ("vip", "caution") if getattr(details, flag)),
        memo=details.memo,
        more=tuple(
            (one.word, text)
            for one in fields.in_pop()
            if one.word != "name" and (text := _said(details, one, codes))
        ),
        birthday=solar(details.birthday, plan.country) if details.birthday else None,
        last_contact_at=customer.last_contact_at,
        remembered=chosen,
    )


def _said(details: Details, field: Field, codes: Codes) -> str:
    """A field's text where it has to be short."""
    if field.own:
        return dict(details.custom).get(field.word, "")
    value = getattr(details, field.word)
    match field.kind:
        case Kind.CODE | Kind.CODES:
            ids = (value,) if isinstance(value, str) else value
            return ", ".join(one.name for id in ids if (one := codes.get(id)))
        case Kind.CHECK:
            return "✓" if value else ""
        case Kind.SECRET:
            return mask_of(value)
        case Kind.ANNIVERSARY:
            return value.written if value else ""
    return str(value or "")
