"""A customer's pictures: sent, served, ordered, taken back. Answers are the page's own parts."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from console.customer_images import rules
from console.customer_images.forms import CaptionForm, MainForm, MoveForm
from console.customer_images.picture import MOST_BYTES
from console.customer_images.section import section
from console.customer_images.service import Stale
from console.web.context import Context
from console.web.uploads import files_one_by_one
from pbxd.errors import Conflict, InvalidInput

MOST_IN_ALL = rules.MOST_AT_ONCE * MOST_BYTES + 2**20  # bytes of one upload
HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}


async def shown(context: Context) -> web.StreamResponse:
    """The picture."""
    return await _served(context, small=False)


async def thumb(context: Context) -> web.StreamResponse:
    """Its thumbnail."""
    return await _served(context, small=True)


async def add(context: Context) -> web.StreamResponse:
    """One or several; the right ones are kept, of the wrong ones it is said why."""
    customer_id = context.request.match_info["id"]
    await context.services.customers.get(customer_id)  # before anything is read
    count, wrong = 0, []
    try:
        async for file in files_one_by_one(context.request, MOST_BYTES, MOST_IN_ALL):
            count += 1
            try:
                if count > rules.MOST_AT_ONCE:
                    raise rules.too_many()
                await context.services.images.add(customer_id, file, context.viewer.user.id)
            except (InvalidInput, Conflict) as refusal:
                wrong.append(context.language.refusal(refusal))
        if not count:
            raise InvalidInput("image-none", "Choose a picture.")
    except InvalidInput as refusal:
        wrong.append(context.language.refusal(refusal))
    return await _album(context, wrong=tuple(dict.fromkeys(wrong)))


async def main(context: Context) -> web.StreamResponse:
    """The one beside the facts, or no more."""
    form, (customer_id, id) = await context.form(MainForm), _ids(context)
    by = context.viewer.user.id
    await context.services.images.set_main(customer_id, id, form.main, by)
    return await _album(context)


async def caption(context: Context) -> web.StreamResponse:
    """What stands under it; what is wrong or stale stays typed."""
    form, (customer_id, id) = await context.form(CaptionForm), _ids(context)
    service, by = context.services.images, context.viewer.user.id
    try:
        await service.set_caption(customer_id, id, form.was, form.caption, by)
    except (InvalidInput, Stale) as refusal:
        context.errors["image-caption"] = context.language.refusal(refusal)
        was = refusal.theirs if isinstance(refusal, Stale) else form.was
        return await _album(context, open=id, caption=form.caption, was=was)
    return await _album(context)


async def move(context: Context) -> web.StreamResponse:
    """One place later or earlier."""
    form, (customer_id, id) = await context.form(MoveForm), _ids(context)
    by = context.viewer.user.id
    await context.services.images.move(customer_id, id, int(form.places), by)
    return await _album(context, open=id)


async def delete(context: Context) -> web.StreamResponse:
    """Away with it; the answer offers to take it back."""
    customer_id, id = _ids(context)
    await context.services.images.delete(customer_id, id, context.viewer.user.id)
    return await _album(context, deleted=id)


async def restore(context: Context) -> web.StreamResponse:
    """Take a deletion back."""
    customer_id, id = _ids(context)
    await context.services.images.restore(customer_id, id, context.viewer.user.id)
    return await _album(context)


async def _served(context: Context, *, small: bool) -> web.Response:
    customer_id, id = _ids(context)
    data = await context.services.images.data(customer_id, id, small=small)
    return web.Response(body=data, content_type="image/jpeg", headers=HEADERS)


async def _album(context: Context, **values: Any) -> web.Response:
    # 200 also when something was wrong: 4xx would mark the page's other forms as not saved
    customer = await context.services.customers.get(context.request.match_info["id"])
    album = await section(context, customer, **values)
    return context.fragment(
        "customer_images/changed.html",
        album=album,
        customer=customer,
        viewer=context.viewer,
        errors=context.errors,
    )


def _ids(context: Context) -> tuple[str, str]:
    return context.request.match_info["id"], context.request.match_info["image"]
