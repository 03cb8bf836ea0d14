"""The advanced search, its results, and the list that somebody keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import parse_qsl

from aiohttp import web
from pydantic import BaseModel, Field

from console.audit.notes import noted
from console.codes import model as lists
from console.customer_search.chips import MODES, chips_of
from console.customer_search.forms import address_of, asked, sort_of, values_of, wanted_of
from console.customer_search.model import CODES, FLAGS, TEXTS, Wanted
from console.customer_search.occasions import OCCASIONS
from console.customer_search.queries import COUNTED
from console.customers.export import exported
from console.customers.model import Customer
from console.customers.table import LIST, customer_table
from console.customers.vcard import MOST, sent
from console.fields.model import SEX
from console.web.context import Context
from pbxd.errors import InvalidInput
from pbxd.store.paging import Page

PATH, KEPT = "/customers/search", "/customers/kept"
LISTS = {"grade": lists.GRADE, "category": lists.CATEGORY, "method": lists.METHOD}


class KeepForm(BaseModel):
    """A search's address, and what to do with its result."""

    query: Annotated[str, Field(max_length=20_000)] = ""
    anew: bool = False


class IdsForm(BaseModel):
    """Some customers; none ticked: all."""

    id: list[str] = []
    all: bool = False


class NationalForm(BaseModel):
    """A whole national ID: never in an address."""

    national_id: Annotated[str, Field(max_length=40)] = ""


async def page(context: Context) -> web.StreamResponse:
    """The form, and below it what was found."""
    return await _page(context, values_of(context.request.query))


async def count(context: Context) -> web.StreamResponse:
    """How many fit (S3-28): asked for when the first page is there already."""
    try:
        wanted = wanted_in(context, values_of(context.request.query))
    except InvalidInput:
        wanted = Wanted()
    total = await context.services.search.count(wanted)
    return context.fragment(
        "customer_search/count.html", total=total, many=total > COUNTED, counted=COUNTED
    )


async def export(context: Context) -> web.StreamResponse:
    """What was found, as Excel."""
    values = values_of(context.request.query)
    ids = await context.services.search.ids(wanted_in(context, values))
    return await exported(context, ids, "search")


async def keep(context: Context) -> web.StreamResponse:
    """Keep the result, anew or besides."""
    form = await context.form(KeepForm)
    values = _values(form.query)
    try:
        wanted = wanted_in(context, values)
        await context.services.search.keep(context.viewer.user.id, wanted, anew=form.anew)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, values, 422)
    return context.go(KEPT)


async def kept(context: Context) -> web.StreamResponse:
    """What I keep."""
    values = values_of(context.request.query)
    sort = sort_of(values)
    found, total = await context.services.search.kept(
        context.viewer.user.id, sort, values.get("cursor", "")
    )
    return context.render(
        "customer_search/kept.html",
        page=found,
        total=total,
        many=total > COUNTED,
        counted=COUNTED,
        table=await customer_table(context),
        sort=sort,
        by=_by(KEPT, values),
        link=_link(values),
    )


async def export_kept(context: Context) -> web.StreamResponse:
    """What I keep, as Excel."""
    ids = await context.services.search.kept_ids(context.viewer.user.id)
    return await exported(context, ids, "kept")


async def vcards(context: Context) -> web.StreamResponse:
    """What I keep, for a telephone's contacts."""
    ids = await context.services.search.kept_ids(context.viewer.user.id)
    known = await context.services.customers.several(ids[:MOST])
    return await sent(context, known.values(), "customers")


async def let_go(context: Context) -> web.StreamResponse:
    """Keep the ticked ones no more, or nothing."""
    form = await context.form(IdsForm)
    if form.id or form.all:
        await context.services.search.let_go(context.viewer.user.id, None if form.all else form.id)
    return context.go(KEPT)


async def by_national_id(context: Context) -> web.StreamResponse:
    """Who has this number (S3-22); the search is written down."""
    form = await context.form(NationalForm)
    found = await context.services.further.whose(form.national_id)
    await noted(context, "customer.find-id", found or "")
    if found:
        return context.go(f"/customers/{found}")
    context.errors["national_id"] = context.language.text("Nobody has this number.")
    return await _page(context, {}, 404 if not context.partial else 422)


async def _page(context: Context, values: dict[str, str], status: int = 200) -> web.StreamResponse:
    found: Page[Customer] = Page(())
    wanted: Wanted | None = None
    try:
        wanted = wanted_in(context, values) if asked(values) else None
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        status = 422 if context.partial else status
    sort = sort_of(values)
    if wanted is not None:
        found = await context.services.search.page(wanted, sort, values.get("cursor", ""))
    fields, codes = context.services.fields, context.services.codes
    used = {one.word for one in fields.used()}
    return context.render(
        "customer_search/page.html",
        status=status,
        v=values,
        texts=[(word, fields.label(word, context.language)) for word in TEXTS if word in used],
        codes=[
            (word, fields.label(word, context.language), codes.all_of(LISTS[word]))
            for word in CODES
            if word in used
        ],
        groups=codes.all_of(lists.GROUP),
        flags=[(word, fields.label(word, context.language)) for word in FLAGS if word in used],
        sexes=SEX,
        own=[(one, fields.label(one.word, context.language)) for one in fields.own()],
        offered={word: _offered(context, word) for word in TEXTS},
        saved=await context.services.lists.saved(context.viewer.user.id, LIST),
        table=await customer_table(context),
        asked=wanted is not None,
        modes=MODES,
        occasions=[(context.language.text(label), query) for label, query in OCCASIONS],
        chips=chips_of(context, values),
        page=found,
        sort=sort,
        by=_by(PATH, values),
        asked_for=address_of(values, cursor="", sort=""),
        here=address_of(values, cursor=""),
        link=_link(values),
        may_id=context.viewer.may("personal-numbers") and "national_id" in used,
    )


def _offered(context: Context, word: str) -> list[str]:
    field = context.services.fields.get(word)
    names = context.services.codes.of(field.codes) if field is not None and field.codes else ()
    return [one.name for one in names]


def wanted_in(context: Context, values: dict[str, str]) -> Wanted:
    """As the search takes it. Raises InvalidInput."""
    daemon = context.services.daemon
    today = daemon.clock().astimezone(daemon.settings.office.zone).date()
    return wanted_of(values, context.services.fields.own(), today)


def _values(query: str) -> dict[str, str]:
    return values_of(dict(parse_qsl(query)))


def _link(values: dict[str, str]) -> Callable[..., str]:
    return lambda **changes: address_of(values, **({"cursor": ""} | changes))


def _by(path: str, values: dict[str, str]) -> Callable[[str], str]:
    """The address of the same list in another order."""
    return lambda sort: f"{path}?{address_of(values, cursor='', sort=sort)}"
