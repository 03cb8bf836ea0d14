"""Settings: which trade the office is in, and what that would add."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from console.codes.model import LISTS
from console.trades.model import GROUPS, Undone, said
from console.trades.presets import trade, trades
from console.web.context import Context
from console.web.i18n import LANGUAGES
from pbxd.errors import InvalidInput

PATH = "/settings/trades"


class LanguageQuery(BaseModel):
    """In whose words."""

    language: Literal["ko", "zh_Hant", "en", ""] = ""


class ApplyForm(LanguageQuery):
    """What is ticked."""

    tick: Annotated[list[str], Field(max_length=1000)] = []


async def page(context: Context) -> web.StreamResponse:
    """All trades by group, and what was chosen before."""
    return await _page(context)


async def preview(context: Context) -> web.StreamResponse:
    """Exactly what one would add."""
    return await _preview(context, context.query(LanguageQuery).language)


async def apply(context: Context) -> web.StreamResponse:
    """Add what is ticked."""
    form, word = await context.form(ApplyForm), context.request.match_info["word"]
    language = form.language or context.services.languages.default.code
    try:
        await context.services.trades.apply(word, language, form.tick, context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _preview(context, language, form.tick, 422)
    return context.go(PATH)


async def undo(context: Context) -> web.StreamResponse:
    """Take back what an act added."""
    id = context.request.match_info["id"]
    undone = await context.services.trades.undo(id, context.viewer.user.id)
    return await _page(context, undone)


async def _page(context: Context, undone: Undone | None = None) -> web.Response:
    services, code = context.services, context.language.code
    acts = [
        (one, trades().get(one.trade), getattr(services.users.get(one.by), "name", ""))
        for one in await services.trades.acts()
    ]
    return context.render(
        "trades/page.html",
        groups=[
            (label, [one for one in trades().values() if one.group == group])
            for group, label in GROUPS
        ],
        acts=acts,
        chosen={act.trade for act, *_ in acts if act.undone_at is None},
        may_undo=services.trades.may_undo,
        undone=undone,
        said=lambda words: said(words, code),
    )


async def _preview(
    context: Context, language: str, ticks: list[str] | None = None, status: int = 200
) -> web.Response:
    word, code = context.request.match_info["word"], context.language.code
    language = language or context.services.languages.default.code
    parts = await context.services.trades.plan(word, language)
    return context.render(
        "trades/preview.html",
        status=status,
        trade=trade(word),
        parts=parts,
        new=sum(len(one.new) for one in parts),
        lists=dict(LISTS),
        ticks=ticks,
        languages=LANGUAGES,
        chosen=language,
        said=lambda words: said(words, code),
        word_of=lambda words: said(words, language),
    )
