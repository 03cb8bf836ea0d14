"""The password that somebody else gave is changed before anything else (S4-08)."""

from __future__ import annotations

from aiohttp import web

from console.web.context import Context
from pbxd.errors import InvalidInput


async def shown(context: Context) -> web.StreamResponse:
    """Two fields; whoever has a password of his own goes on."""
    if not context.viewer.user.issued:
        return context.go("/")
    return context.render("users/first.html")


async def save(context: Context) -> web.StreamResponse:
    """Keep it and go on; all other sessions end."""
    posted = await context.request.post()
    user, users = context.viewer.user, context.services.users
    password = str(posted.get("password", ""))
    try:
        if password != str(posted.get("again", "")):
            raise InvalidInput("password-again", "The two are not the same.", field="again")
        await different(context, password)
        await users.set_password(user.id, password)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return context.render("users/first.html", status=422)
    sessions = context.services.sessions
    await sessions.end_all(user.id, but=context.viewer.session.token_hash)
    return web.Response(status=204, headers={"HX-Redirect": "/"})


async def different(context: Context, password: str) -> None:
    """Raises InvalidInput: it is the present password."""
    if await context.services.users.check_password(context.viewer.user.id, password):
        raise InvalidInput(
            "password-same", "Choose another password than the present one.", field="password"
        )
