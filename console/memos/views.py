"""A call's memo as JSON, for the call bar and for lists."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.memos.queries import Memo
from console.users.reach import agents
from console.web.context import Context
from pbxd.errors import Conflict, InvalidInput


class MemoForm(BaseModel):
    """A memo; `version` is the one that was seen."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    text: Annotated[str, Field(max_length=20_000)] = ""
    version: int = 0


async def read(context: Context) -> web.Response:
    """The memo, empty when there is none."""
    whose, id = agents(context, "calls"), context.request.match_info["id"]
    memo = await context.services.memos.get(whose, id)
    return _json(memo)


async def write(context: Context) -> web.Response:
    """Keep it; what is wrong is said, and the writer's page keeps the text."""
    form = await context.form(MemoForm)
    id, service = context.request.match_info["id"], context.services.memos
    whose, by = agents(context, "calls"), context.viewer.user.id
    try:
        memo = await service.write(whose, by, id, form.text, form.version)
    except InvalidInput as refusal:
        return web.json_response({"problem": context.language.refusal(refusal)}, status=422)
    except Conflict as stale:
        theirs = await service.get(whose, id)
        said = {"problem": context.language.refusal(stale), "version": _version(theirs)}
        return web.json_response(said, status=409)
    return _json(memo)


def _json(memo: Memo | None) -> web.Response:
    text = memo.text if memo is not None else ""
    return web.json_response({"text": text, "version": _version(memo)})


def _version(memo: Memo | None) -> int:
    return memo.version if memo is not None else 0
