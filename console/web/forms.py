"""What somebody typed, as a typed form; what is wrong with it, in words for people."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar, get_origin

import orjson
from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from pbxd.errors import InvalidInput

F = TypeVar("F", bound=BaseModel)
# A form for something new names it, so that sending it twice makes it once (`new_id`).
FormId = Annotated[str, Field(pattern=r"^([0-9A-HJKMNP-TV-Z]{26})?$")]

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


async def submitted(request: web.Request) -> dict[str, Any]:
    """The posted values: of a form (a repeated field is a list) or a JSON object."""
    try:
        if request.content_type == "application/json":
            # orjson, unlike json, takes no half characters, which no store could keep
            values = orjson.loads(await request.read())
        else:
            posted = await request.post()
            values = {key: posted.getall(key) for key in posted}
            values = {key: all if len(all) > 1 else all[0] for key, all in values.items()}
    except (ValueError, LookupError):
        values = None
    if not isinstance(values, dict):
        raise InvalidInput("unreadable", "The request could not be read.")
    return values


def typed(kind: type[F], values: dict[str, Any]) -> F:
    """`values` as a form. Raises InvalidInput naming the first field that is wrong."""
    for name, field in kind.model_fields.items():
        # of a repeated field only one was ticked
        if get_origin(field.annotation) is list and isinstance(values.get(name), str):
            values = values | {name: [values[name]]}
    try:
        return kind.model_validate(values)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise _invalid(first["type"], first.get("ctx", {}), first["loc"]) from None


def _invalid(type: str, details: dict[str, Any], place: tuple[int | str, ...]) -> InvalidInput:
    """The library's English sentences are for programmers; these can be translated."""
    field = ".".join(str(part) for part in place)
    wrong = InvalidInput("field", "What stands here cannot be used.", field)
    if type == "missing":
        wrong = InvalidInput("field-missing", "Fill this field in.", field)
    elif type == "string_too_short":
        least = details["min_length"]
        wrong = InvalidInput(
            "field-short", "Enter at least {least} characters.", field, least=least
        )
    elif type == "string_too_long":
        most = details["max_length"]
        wrong = InvalidInput("field-long", "Enter at most {most} characters.", field, most=most)
    elif type in ("enum", "literal_error"):
        wrong = InvalidInput("field-choice", "Choose one of the list.", field)
    elif type.startswith(("int_", "float_", "decimal_")):
        wrong = InvalidInput("field-number", "Enter a number.", field)
    elif type.startswith("date"):
        wrong = InvalidInput("field-date", "Enter a date.", field)
    return wrong


def own_path(text: str, otherwise: str) -> str:
    """`text` if it is an address of ours, so that nobody is sent to another site by a link."""
    return text if _OWN_PATH.fullmatch(text) else otherwise
