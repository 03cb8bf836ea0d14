"""The announcements of one language, each to be heard, spoken anew or replaced."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit.notes import noted
from console.web.context import Context
from console.web.uploads import uploaded
from pbxd.announcements.model import LANGUAGES, MOST_BYTES, Announcement
from pbxd.errors import InvalidInput

PAGE = "/settings/announcements"
_SPOKEN_BY = {"ko": "ko", "zh_Hant": "zh", "en": "en"}  # the console's language → Asterisk's


class TextForm(BaseModel):
    """A text to be spoken."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    text: Annotated[str, Field(max_length=5000)] = ""


async def shown(context: Context) -> web.StreamResponse:
    """All announcements of one language."""
    return _page(context, _language(context))


async def listen(context: Context) -> web.StreamResponse:
    """One of them, as a telephone plays it."""
    name, language = _which(context)
    sound = await context.services.daemon.announcements.listen(name, language)
    return web.Response(body=sound, content_type="audio/wav", headers={"Cache-Control": "no-store"})


async def say(context: Context) -> web.StreamResponse:
    """The machine speaks another text."""
    name, language = _which(context)
    form = await context.form(TextForm)
    service = context.services.daemon.announcements
    before = service.get(name, language)
    try:
        after = await service.say(name, language, form.text, context.viewer.user.id)
    except InvalidInput as refusal:
        return _wrong(context, name, language, refusal, form.text)
    return await _done(context, before, after)


async def record(context: Context) -> web.StreamResponse:
    """A recording of the office's own takes its place."""
    name, language = _which(context)
    service = context.services.daemon.announcements
    before = service.get(name, language)
    try:
        data = await _file(context)
        after = await service.record(name, language, data, context.viewer.user.id)
    except InvalidInput as refusal:
        return _wrong(context, name, language, refusal)
    return await _done(context, before, after)


async def reset(context: Context) -> web.StreamResponse:
    """Back to what pbxd brings."""
    name, language = _which(context)
    service = context.services.daemon.announcements
    before = service.get(name, language)
    await service.reset(name, language)
    return await _done(context, before, service.get(name, language))


async def _file(context: Context) -> bytes:
    """The uploaded file. Raises InvalidInput."""
    return await uploaded(
        context.request,
        MOST_BYTES,
        missing=InvalidInput("file-missing", "Choose a sound file first.", field="file"),
        big=InvalidInput("file-big", "The file is larger than 20 MB.", field="file"),
    )


def _language(context: Context) -> str:
    wanted = context.request.query.get("language", "")
    return (
        wanted
        if wanted in LANGUAGES
        else _SPOKEN_BY[context.services.daemon.settings.office.language]
    )


def _which(context: Context) -> tuple[str, str]:
    found = context.request.match_info
    name, language = found["name"], found["language"]
    known = context.services.daemon.announcements.all(language, _kinds(context))
    if name not in {one.name for one in known}:
        context.services.daemon.announcements.get("", language)  # says that there is none
    return name, language


def _kinds(context: Context) -> list[str]:
    return [kind.word for kind in context.services.daemon.abuse.kinds]


async def _done(context: Context, before: Announcement, after: Announcement) -> web.StreamResponse:
    await noted(
        context,
        "announcement.change",
        f"{after.language} {after.name}",
        {"source": before.source.value, "text": before.text, "sha256": before.sha256},
        {"source": after.source.value, "text": after.text, "sha256": after.sha256},
    )
    return context.go(f"{PAGE}?language={after.language}")


def _wrong(
    context: Context, name: str, language: str, refusal: InvalidInput, typed: str | None = None
) -> web.StreamResponse:
    context.errors[name] = context.language.refusal(refusal)
    return _page(context, language, {} if typed is None else {name: typed}, status=422)


def _page(
    context: Context, language: str, typed: dict[str, str] | None = None, status: int = 200
) -> web.StreamResponse:
    daemon = context.services.daemon
    return context.render(
        "announcements/page.html",
        status=status,
        spoken_in=language,
        languages=LANGUAGES,
        possible=daemon.announcements.possible,
        rows=daemon.announcements.all(language, _kinds(context)),
        typed=typed or {},
        kinds={kind.word: kind for kind in daemon.abuse.all_kinds},
    )
