"""The finder's hits, and the page on which an administrator has the table made."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, Field

from console.addresses.fetch import PACKAGES
from console.addresses.service import PROBLEMS
from console.audit.notes import noted
from console.web.context import Context
from console.web.forms import submitted
from console.web.uploads import saved_file
from pbxd.errors import InvalidInput, Refused

PAGE = "/settings/addresses"
MOST_BYTES = 600 * 2**20  # the whole of Korea is 250 MB as a zip
FULL = PROBLEMS["full"]
_NO_FILE = InvalidInput("no-file", "Choose a file first.", field="file")
_BIG = InvalidInput("file-big", "Files of up to {most} MB are taken.", field="file", most=600)


class FindQuery(BaseModel):
    """What was typed."""

    q: str = Field("", max_length=200)


class PackageForm(BaseModel):
    """Which country's package."""

    country: str = ""


async def find(context: Context) -> web.StreamResponse:
    """While typing: what fits."""
    text = context.query(FindQuery).q
    addresses = context.services.addresses
    found = await addresses.find(text, context.language)
    table = await addresses.table()
    return context.fragment("addresses/hits.html", found=found, q=text.strip(), table=table)


async def page(context: Context) -> web.StreamResponse:
    """What there is, how far a new one is, and how to get one."""
    return await _page(context)


async def build(context: Context) -> web.StreamResponse:
    """Make the table out of a package."""
    country = PackageForm.model_validate(await submitted(context.request)).country
    if country not in PACKAGES:
        raise InvalidInput("field-choice", "Choose one of the list.", field="country")
    return await _begun(context, country)


async def upload(context: Context) -> web.StreamResponse:
    """Make it out of a file."""
    addresses = context.services.addresses
    target = addresses.file.with_name("postcodes.upload")
    try:
        addresses.free()
        name = await saved_file(context.request, target, MOST_BYTES, missing=_NO_FILE, big=_BIG)
    except Refused as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _page(context, 422)
    except OSError:
        context.errors[""] = context.language.text(FULL)
        return await _page(context, 507)
    return await _begun(context, name, file=True)


async def cancel(context: Context) -> web.StreamResponse:
    """Not after all."""
    context.services.addresses.cancel()
    await noted(context, "postcodes.cancel", "")
    return context.go(PAGE)


async def _begun(context: Context, what: str, file: bool = False) -> web.StreamResponse:
    addresses, by = context.services.addresses, context.viewer.user.id
    try:
        if file:
            addresses.begin(by, addresses.file.with_name("postcodes.upload"), what)
        else:
            addresses.begin(by, country=what)
    except Refused as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _page(context, 409)
    await noted(context, "postcodes.begin", what)
    return context.go(PAGE)


async def _page(context: Context, status: int = 200) -> web.StreamResponse:
    addresses = context.services.addresses
    table, job = await addresses.table(), addresses.job
    problem = ""
    if job is not None and job.problem:
        problem = context.language.text(PROBLEMS[job.problem], details=job.details)
    return context.render(
        "addresses/page.html",
        status=status,
        table=table,
        made_at=datetime.fromisoformat(table.made_at) if table is not None else None,
        job=job,
        problem=problem,
        country=context.services.daemon.settings.office.country,
        packages=PACKAGES,
    )
