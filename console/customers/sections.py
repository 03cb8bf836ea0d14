"""Tabs of a customer's family, school and assets: what was typed in the form's sections."""

from __future__ import annotations

from console.customers.model import Customer
from console.customers.shown import section
from console.customers.tabs import Count, Tab
from console.web.context import Context


def section_tab(word: str, order: int) -> Tab:
    """Of a customer who has something there."""
    known = section(word)

    async def pane(context: Context, customer: Customer) -> str:
        rows = customer.details.of(word)
        return context.html("customers/section.html", section=known, rows=rows, customer=customer)

    async def count(context: Context, customer: Customer) -> Count:
        return Count(len(customer.details.of(word)))

    return Tab(word, known.label, order, "customers", pane, count, only_filled=True)
