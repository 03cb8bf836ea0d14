"""Settings: the numbered list of phrases for summaries (S3-36)."""

from __future__ import annotations

from aiohttp import web

from console.service_records.forms import PhraseForm
from console.service_records.service import StalePhrase
from console.web.context import Context
from pbxd.errors import InvalidInput

PATH = "/settings/service-phrases"


async def page(context: Context) -> web.StreamResponse:
    """All of them."""
    return await _page(context)


async def add(context: Context) -> web.StreamResponse:
    """At the end."""
    form = await context.form(PhraseForm)
    try:
        await context.services.service_records.add_phrase(context.viewer, form.text)
    except InvalidInput as refusal:
        context.errors["new"] = context.language.refusal(refusal)
        return await _page(context, {"new": form}, 422)
    return context.go(PATH)


async def change(context: Context) -> web.StreamResponse:
    """Other words."""
    form, id = await context.form(PhraseForm), context.request.match_info["id"]
    service = context.services.service_records
    try:
        await service.change_phrase(context.viewer, id, form.before, form.text)
    except InvalidInput as refusal:
        context.errors[id] = context.language.refusal(refusal)
        return await _page(context, {id: form}, 422)
    except StalePhrase as stale:
        context.errors[id] = context.language.refusal(stale)
        newest = form.model_copy(update={"before": stale.theirs.text})
        return await _page(context, {id: newest}, 409)
    return context.go(PATH)


async def remove(context: Context) -> web.StreamResponse:
    """Out of the list; it can be put back."""
    id = context.request.match_info["id"]
    await context.services.service_records.remove_phrase(context.viewer, id, gone=True)
    return context.go(PATH)


async def restore(context: Context) -> web.StreamResponse:
    """Back into the list, with its number."""
    id = context.request.match_info["id"]
    await context.services.service_records.remove_phrase(context.viewer, id, gone=False)
    return context.go(PATH)


async def paper(context: Context) -> web.StreamResponse:
    """All of them, to be looked at and printed."""
    found = await context.services.service_records.phrases()
    return context.render("service_records/phrases_paper.html", phrases=found)


async def _page(
    context: Context, typed: dict[str, PhraseForm] | None = None, status: int = 200
) -> web.StreamResponse:
    service = context.services.service_records
    return context.render(
        "service_records/phrases.html",
        status=status,
        phrases=await service.phrases(),
        removed=await service.phrases(removed=True),
        typed=typed or {},
    )
