"""Log-in and out, and one's own settings."""

from __future__ import annotations

import re

import pyotp
import segno
from aiohttp import web
from pydantic import BaseModel

from console.users.environment import environment
from console.users.first import different
from console.users.rules import browser_name
from console.web.context import Context
from console.web.forms import own_path
from console.web.i18n import LANGUAGES, Years
from console.web.sessions import COOKIE
from pbxd.errors import InvalidInput, NotFound, Refused

SECRET = re.compile(r"[A-Z2-7]{32}")


class LoginForm(BaseModel):
    """Name and password, perhaps a code."""

    login: str = ""
    password: str = ""
    code: str = ""
    next: str = ""
    keep: bool = False  # logged in on this device (S1-38)


async def login(context: Context) -> web.StreamResponse:
    """The log-in page."""
    if context.viewer_or_none is not None:
        return context.go("/")
    return _login(context, LoginForm(next=context.request.query.get("next", "")))


async def log_in(context: Context) -> web.StreamResponse:
    """Check name and password; too many failures close the door for a while."""
    form = await context.form(LoginForm)
    sessions, address = context.services.sessions, context.request.remote or ""
    name = form.login.strip().lower()[:80]
    try:
        await sessions.attempt(name, address)
        user = await context.services.users.authenticate(name, form.password, form.code)
        if user is None:
            raise Refused("login-wrong", "Login name, password or code is wrong.")
    except Refused as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return _login(context, form, 422)
    await sessions.succeeded(name)
    token, row = await sessions.begin(user.id, context.request, kept=form.keep)
    response = web.Response(status=303, headers={"Location": own_path(form.next, "/")})
    sessions.put_cookie(response, token, kept=row.kept)
    return response


def _login(context: Context, form: LoginForm, status: int = 200) -> web.StreamResponse:
    return context.render(
        "users/login.html",
        status=status,
        login=form.login,
        next=form.next,
        keep=form.keep,
        keep_days=context.services.sessions.keep_days,
        host=context.request.host,
    )


async def log_out(context: Context) -> web.StreamResponse:
    """End this session."""
    await context.services.sessions.end(context.viewer.session.token_hash)
    response = web.Response(status=204, headers={"HX-Redirect": "/login"})
    response.del_cookie(COOKIE, path="/")
    return response


async def choose_language(context: Context) -> web.StreamResponse:
    """For those who are not logged in: remembered by the browser."""
    code = context.request.match_info["code"]
    safe = own_path(context.request.query.get("next", ""), "/login")
    response = web.Response(status=303, headers={"Location": safe})
    if code in LANGUAGES:
        response.set_cookie(
            "pbxd-language", code, max_age=31_536_000, samesite="Lax", httponly=True
        )
    return response


async def account(context: Context, said: str = "", status: int = 200) -> web.StreamResponse:
    """My settings."""
    totp = None
    if context.request.query.get("totp") == "new" or "code" in context.errors:
        totp = _enrolment(context, (await context.request.post()).get("secret"))
    return context.render(
        "users/account.html",
        status=status,
        said=said,
        totp=totp,
        choices=[("", context.language.text("As the browser asks")), *LANGUAGES.items()],
        sessions=await context.services.sessions.of_user(context.viewer.user.id),
        browser_name=browser_name,
        about=await environment(context),
    )


async def set_language(context: Context) -> web.StreamResponse:
    """The language of my screens."""
    posted = await context.request.post()
    chosen, years = str(posted.get("language", "")), str(posted.get("years", ""))
    if chosen and chosen not in LANGUAGES:
        raise InvalidInput("language", "There is no such language.", field="language")
    if years and years not in set(Years):
        raise InvalidInput("field-choice", "Choose one of the list.", field="years")
    await context.services.users.set_language(context.viewer.user.id, chosen, years)
    # every text on the page is another one now, the call bar's too
    return web.Response(status=204, headers={"HX-Redirect": "/account"})


async def set_password(context: Context) -> web.StreamResponse:
    """Change my password; my other sessions end."""
    posted = await context.request.post()
    viewer, users = context.viewer, context.services.users
    try:
        await _confirm(context, str(posted.get("current", "")))
        await different(context, password := str(posted.get("password", "")))
        await users.set_password(viewer.user.id, password)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await account(context, status=422)
    await context.services.sessions.end_all(viewer.user.id, but=viewer.session.token_hash)
    return await account(context, said=context.language.text("The password was changed."))


async def enrol_totp(context: Context) -> web.StreamResponse:
    """Switch the second factor on, once the authenticator shows the right code."""
    posted = await context.request.post()
    secret, code = str(posted.get("secret", "")), str(posted.get("code", ""))
    if not SECRET.fullmatch(secret) or not pyotp.TOTP(secret).verify(code.strip(), valid_window=1):
        context.errors["code"] = context.language.text(
            "This code is not right; enter the next one."
        )
        return await account(context, status=422)
    await context.services.users.set_totp(context.viewer.user.id, secret)
    return context.go("/account")


async def remove_totp(context: Context) -> web.StreamResponse:
    """Switch the second factor off."""
    try:
        await _confirm(context, str((await context.request.post()).get("current", "")))
    except InvalidInput as refusal:
        context.errors["totp-current"] = context.language.refusal(refusal)
        return await account(context, status=422)
    await context.services.users.set_totp(context.viewer.user.id, "")
    return context.go("/account")


async def end_session(context: Context) -> web.StreamResponse:
    """Log another of my browsers out."""
    wanted = str((await context.request.post()).get("session", ""))
    mine = await context.services.sessions.of_user(context.viewer.user.id)
    if wanted not in [one.token_hash for one in mine]:
        raise NotFound("no-session", "That session has ended already.")
    await context.services.sessions.end(wanted)
    return await account(context)


async def _confirm(context: Context, password: str) -> None:
    """Raise InvalidInput when it is not the present password."""
    if not await context.services.users.check_password(context.viewer.user.id, password):
        raise InvalidInput("password-wrong", "The present password is wrong.", field="current")


def _enrolment(context: Context, secret: object) -> dict[str, str]:
    made = secret if isinstance(secret, str) and SECRET.fullmatch(secret) else pyotp.random_base32()
    uri = pyotp.TOTP(made).provisioning_uri(name=context.viewer.user.login, issuer_name="pbxd")
    return {"secret": made, "image": segno.make(uri).svg_data_uri(scale=4)}
