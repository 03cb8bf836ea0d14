"""How a command ended, as the call bar shows it: JSON with a reason in the user's language."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from console.web.context import Context
from pbxd.desk.result import CommandResult

DONE = {"result": "ok", "reason_id": "", "reason": "", "call": ""}


def answer(result: CommandResult, translate: Callable[[str], str]) -> dict[str, str]:
    """The JSON answer to a command."""
    return {
        "result": result.result.value,
        "reason_id": result.reason_id,
        "reason": in_words(result.reason, result.details, translate),
        "call": result.call_key,
    }


def said(context: Context, result: CommandResult) -> web.Response:
    """The response to a command."""
    return web.json_response(answer(result, context.language.text))


def in_words(message: str, details: dict[str, object], translate: Callable[[str], str]) -> str:
    """A translated message with its details; a translation that lost a placeholder still shows."""
    if not message:
        return ""
    try:
        return translate(message).format(**details)
    except (KeyError, IndexError, ValueError):
        return message.format(**details)
