"""Settings: what the customer's fields are called, which are used and required, and own ones."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from console.fields.model import LIMITED, MOBILE, PHONES, STANDARD, STRICT, Choice, Kind
from console.fields.service import OWN_KINDS, Options
from console.web.context import Context
from console.web.i18n import LANGUAGES
from pbxd.errors import Conflict, InvalidInput, NotFound

PATH = "/settings/customer-fields"
Label = Annotated[str, Field(max_length=200)]


class FieldForm(BaseModel):
    """One field."""

    ko: Label = ""
    zh_Hant: Label = ""  # noqa: N815 - the language's code
    en: Label = ""
    kind: Kind = Kind.TEXT
    choices: Annotated[str, Field(max_length=20_000)] = ""
    used: bool = False
    required: bool = False
    in_pop: bool = False
    searchable: bool = False
    position: Annotated[int, Field(ge=0, le=100_000)] = 0
    version: int = 1

    @property
    def labels(self) -> dict[str, str]:
        """Language → words."""
        return {code: getattr(self, code) for code in LANGUAGES}

    def choice(self, word: str) -> Choice:
        """As the service takes it."""
        return Choice(
            word,
            self.labels,
            self.used,
            self.required,
            self.in_pop,
            self.searchable,
            self.position,
            self.kind,
            tuple(self.choices.splitlines()),
            version=self.version,
        )


class OptionsForm(BaseModel):
    """Customer numbers, and what stands beside the name."""

    prefix: Annotated[str, Field(max_length=20)] = ""
    beside_name: Annotated[str, Field(max_length=10)] = "company"


class RequireForm(BaseModel):
    """A preset."""

    preset: Annotated[str, Field(max_length=10)] = ""


async def page(context: Context) -> web.StreamResponse:
    """All fields."""
    return _page(context)


async def change(context: Context) -> web.StreamResponse:
    """One field."""
    form, word = await context.form(FieldForm), context.request.match_info["word"]
    try:
        await context.services.fields.change(form.choice(word), context.viewer.user.id)
    except (InvalidInput, Conflict) as refusal:
        context.errors[word] = context.language.refusal(refusal)
        return _page(context, {word: form}, refusal.status)
    return context.go(f"{PATH}#field-{word}")


async def add(context: Context) -> web.StreamResponse:
    """One more own field."""
    form = await context.form(FieldForm)
    try:
        if form.kind not in OWN_KINDS:
            raise InvalidInput("field-choice", "Choose one of the list.", field="kind")
        await context.services.fields.add(
            form.labels, form.kind, form.choices.splitlines(), context.viewer.user.id
        )
    except InvalidInput as refusal:
        context.errors["new"] = context.language.refusal(refusal)
        return _page(context, {"new": form}, 422)
    return context.go(PATH)


async def remove(context: Context) -> web.StreamResponse:
    """Out of the forms; what customers have in it stays."""
    word = context.request.match_info["word"]
    await context.services.fields.remove(word, context.viewer.user.id)
    return context.go(PATH)


async def restore(context: Context) -> web.StreamResponse:
    """In the forms again."""
    word = context.request.match_info["word"]
    await context.services.fields.remove(word, context.viewer.user.id, gone=False)
    return context.go(PATH)


async def options(context: Context) -> web.StreamResponse:
    """Customer numbers, and what stands beside the name."""
    form = await context.form(OptionsForm)
    try:
        wanted = Options(form.prefix, form.beside_name)
        await context.services.fields.set_options(wanted, context.viewer.user.id)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _page(context, status=422, options=form)
    return context.go(PATH)


async def require(context: Context) -> web.StreamResponse:
    """What must be filled in, by a preset."""
    presets = {"limited": LIMITED, "strict": STRICT, "free": frozenset({"name"})}
    words = presets.get((await context.form(RequireForm)).preset)
    if words is None:
        raise NotFound("no-preset", "There is no such choice.")
    await context.services.fields.require(words, context.viewer.user.id)
    return context.go(PATH)


def _page(
    context: Context,
    typed: dict[str, FieldForm] | None = None,
    status: int = 200,
    options: OptionsForm | None = None,
) -> web.Response:
    fields = context.services.fields
    rows = [(one, fields.choice(one.word)) for one in (*STANDARD, PHONES, MOBILE)]
    return context.render(
        "fields/page.html",
        status=status,
        rows=rows,
        own=[(one, fields.choice(one.word)) for one in fields.own()],
        removed=fields.own(removed=True),
        kinds=OWN_KINDS,
        typed=typed or {},
        options=options or fields.options,
        beside=fields.options.beside_name,
    )
