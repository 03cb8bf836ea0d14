"""Customers in a table: which columns there are (S3-27), in whose order, and what is in them."""

from __future__ import annotations

from console.codes.model import Code
from console.customers import dates
from console.customers.model import Customer
from console.customers.shown import own_text, plain_text
from console.fields.model import Kind
from console.lists.model import Arranged, Column
from console.web.context import Context

LIST = "customers"
# The fields that a table may show, in the office's order; the first ones are shown unless somebody
# chose otherwise.
SHOWN = ("name", "number", "sex", "company", "category", "title", "address")
MORE = (
    "grade", "groups", "method", "department", "email", "membership", "birthday", "registered_on",
)  # fmt: skip
_CODED = {"grade", "category", "method", "groups"}
_FALLING = {"registered_on"}


class CustomerTable:
    """The columns as who looks at them arranged them."""

    def __init__(self, context: Context, columns: Arranged) -> None:
        self.columns = columns
        self._context = context

    def text(self, customer: Customer, word: str) -> str:
        """What a cell says, of columns that need no drawing."""
        services = self._context.services
        if word == "age":
            return self._age(customer)
        field = services.fields.get(word)
        if field is None:
            return ""
        if field.own:
            return own_text(self._context, field, dict(customer.details.custom))
        text = plain_text(self._context, field)(customer.details)
        if field.kind in (Kind.DATE, Kind.ANNIVERSARY):  # of the latter the calendar is behind it
            return self._context.language.written(text[:10]) + text[10:]
        return text

    def codes(self, customer: Customer, word: str) -> list[Code]:
        """With their colours; none: the column is a text."""
        if word not in _CODED:
            return []
        value = getattr(customer.details, word)
        ids = (value,) if isinstance(value, str) else value
        codes = self._context.services.codes
        return [one for id in ids if (one := codes.get(id)) is not None]

    def _age(self, customer: Customer) -> str:
        daemon = self._context.services.daemon
        day = customer.details.birthday
        born = dates.solar(day, daemon.plan.country) if day is not None else None
        today = daemon.clock().astimezone(daemon.settings.office.zone).date()
        return str(dates.age(born, today)) if born is not None and born <= today else ""


async def customer_table(context: Context) -> CustomerTable:
    """For the list, a search's result and the kept list: one choice for all three."""
    columns = await context.services.lists.arranged(context, LIST, _offered(context))
    return CustomerTable(context, columns)


def _offered(context: Context) -> list[Column]:
    fields, text = context.services.fields, context.language.text
    used = {one.word: one for one in fields.used()}

    def column(word: str, *, shown: bool) -> Column:
        return Column(
            word,
            fields.label(word, context.language),
            wide=shown,
            always=word == "name",
            right=used[word].kind in (Kind.NUMBER, Kind.MONEY),
            sorts=True,
            falls=word in _FALLING,
        )

    first = [column(word, shown=True) for word in SHOWN if word in used]
    beside = fields.options.beside_name
    first.sort(key=lambda one: (one.word != "name", one.word != beside))
    place = next((n for n, one in enumerate(first) if one.word == "category"), len(first))
    first[place:place] = [
        Column("phone", text("Contact phone"), sorts=True),
        Column("mobile", text("Mobile"), sorts=True),
    ]
    more = [column(word, shown=False) for word in MORE if word in used]
    own = [column(one.word, shown=False) for one in fields.own() if one.word in used]
    return [
        *first,
        *more,
        Column("age", text("Age"), wide=False, right=True, sorts=True),
        Column("contact", text("Last contact"), wide=False, sorts=True, falls=True),
        *own,
    ]
