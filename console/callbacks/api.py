"""A web site's form asks for a callback: POST /api/callbacks with the token of `[console]`."""

from __future__ import annotations

import hmac
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.web.context import Context
from pbxd.callbacks.model import Request, Source
from pbxd.errors import InvalidInput, NotAllowed
from pbxd.store.metadata import new_id


class WebRequest(BaseModel):
    """`key` makes a request that is sent twice count once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: Annotated[str, Field(min_length=1, max_length=64)]
    note: Annotated[str, Field(max_length=1000)] = ""
    language: Annotated[str, Field(pattern="^(ko|zh_Hant|en)?$")] = ""
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,60}$")] = ""


async def ask(context: Context) -> web.StreamResponse:
    """201 a new wish, 200 one that was there already; 403 without the token, 422 bad content."""
    daemon = context.services.daemon
    token = daemon.settings.console.api_token.get_secret_value()
    given = context.request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise NotAllowed("api-token", "The token is missing or wrong.")
    try:
        wanted = WebRequest.model_validate_json(await context.request.read())
        number = daemon.callbacks.number(wanted.number)
    except ValidationError as problem:
        reason = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in problem.errors())
        return web.json_response({"result": "refused", "reason": reason}, status=422)
    except InvalidInput as refusal:
        reason = context.language.refusal(refusal)
        return web.json_response({"result": "refused", "reason": reason}, status=422)
    made = await daemon.callbacks.ask(
        Request(
            f"web-{wanted.key or new_id()}",
            number,
            Source.WEB,
            daemon.clock(),
            language=wanted.language,
            note=wanted.note.strip(),
        )
    )
    if made is None:
        return web.json_response({"result": "known"})
    return web.json_response({"result": "ok", "id": made.id, "count": made.count}, status=201)
