"""Around every handler: who asks, may he, is it really him, and what if it goes wrong."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

import structlog
from aiohttp import web

from console.capability import Route
from console.services import Services
from console.web.context import Context, Viewer
from console.web.i18n import Language
from console.web.toasts import toast
from pbxd.errors import InvalidInput, NotAllowed, Refused

log = structlog.get_logger(__name__)

SAFE = {"GET", "HEAD"}
FIRST = "/account/first"  # where a password of one's own is chosen (S4-08)


class Door:
    """Turns a declared route into an aiohttp handler."""

    def __init__(self, services: Services, origins: tuple[str, ...], csp: str) -> None:
        self._services = services
        self._origins = origins
        self._csp = csp

    def handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The aiohttp handler of `route`."""

        async def handle(request: web.Request) -> web.StreamResponse:
            context = Context(request, self._services, self._language(request))
            try:
                await self._recognise(context)
                self._check(context, route)
                response = await route.handler(context)
            except Refused as refusal:
                response = self._refused(context, refusal)
            except web.HTTPRequestEntityTooLarge:
                response = self._refused(context, InvalidInput("too-large", "That is too much."))
            except web.HTTPException as answer:
                response = answer
            except Exception as error:
                response = self._failed(context, error)
            self._headers(response)
            return response

        return handle

    def _language(self, request: web.Request) -> Language:
        chosen = request.cookies.get("pbxd-language", "")
        languages = self._services.languages
        if chosen:
            return languages.read(chosen)
        return languages.accepted(request.headers.get("Accept-Language", ""))

    async def _recognise(self, context: Context) -> None:
        """Who asks; the account's language goes before the browser's."""
        session = await self._services.sessions.find(context.request)
        user = self._services.users.get(session.user_id) if session is not None else None
        if session is not None and user is not None:
            code = user.language or context.language.code
            context.language = self._services.languages.read(code, user.years)
            context.viewer_or_none = Viewer(user, session, context.language)

    def _check(self, context: Context, route: Route) -> None:
        request = context.request
        if request.method not in SAFE or request.path == "/live":
            self.check_origin(request)
        if route.need is not None:
            viewer = context.viewer_or_none
            if viewer is None:
                raise NotAllowed("not-logged-in", "Log in first.")
            if not viewer.may(route.need.menu, route.need.action.value):
                if request.method == "POST":
                    raise NotAllowed(
                        "not-allowed",
                        "You do not have the right to do this (any more). An administrator can give"
                        " it to you; what you have typed stays here.",
                    )
                raise NotAllowed("not-allowed", "Your role does not permit this.")
            if viewer.user.issued and route.path not in (FIRST, "/logout"):
                raise NotAllowed("password-issued", "Choose a password of your own first.")
        if request.method not in SAFE and context.viewer_or_none is not None:
            given = request.headers.get("X-CSRF-Token", "")
            if not hmac.compare_digest(given, context.viewer_or_none.session.csrf):
                raise NotAllowed(
                    "csrf", "This page is out of date. Reload it; what you typed stays in it."
                )

    def check_origin(self, request: web.Request) -> None:
        """Only our own pages may send something. Raises NotAllowed."""
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if origin is None and site in ("same-origin", "none"):
            return
        if origin in self._origins:
            return
        parts = urlsplit(origin or "")
        if parts.netloc and parts.netloc == request.host and parts.scheme == request.scheme:
            return
        raise NotAllowed("origin", "The request came from another site.")

    def _refused(self, context: Context, refusal: Refused) -> web.Response:
        text = context.language.refusal(refusal)
        if refusal.id == "not-logged-in" and context.partial:
            return self._logged_out(context)
        if refusal.id == "not-logged-in" and context.request.method in SAFE:
            back = context.request.path_qs if context.request.path != "/" else ""
            return _to(context, "/login" + (f"?next={quote(back, safe='')}" if back else ""))
        if refusal.id == "password-issued" and context.request.method in SAFE:
            return _to(context, FIRST)
        if context.request.headers.get("Accept", "").startswith("application/json"):
            return web.json_response(
                {"result": "refused", "reason_id": refusal.id, "reason": text},
                status=refusal.status,
            )
        if context.partial:
            return toast(text, level="error", status=refusal.status)
        return context.render("web/refused.html", status=refusal.status, text=text)

    def _logged_out(self, context: Context) -> web.Response:
        """The page goes to the log-in, unless something typed would be lost."""
        request, text = context.request, context.language.text
        page = request.method in SAFE and request.headers.get("HX-Target") == "main"
        said = {
            "text": text("You are logged out. Log in again; what you typed stays here."),
            "word": text("Log in"),
            "next": request.path_qs if page else "",
            "stay": request.method not in SAFE,
        }
        trigger = json.dumps({"pbxd:logged-out": said})
        return web.Response(status=403, headers={"HX-Trigger": trigger, "HX-Reswap": "none"})

    def _failed(self, context: Context, error: Exception) -> web.Response:
        """Nobody sees a stack trace; the reference finds it in the log."""
        reference = secrets.token_hex(4)
        log.error("request failed", exc_info=error, path=context.request.path, reference=reference)
        text = context.language.text(
            "Something went wrong here. Nothing was changed. Reference: {reference}",
            reference=reference,
        )
        if context.request.headers.get("Accept", "").startswith("application/json"):
            return web.json_response(
                {"result": "refused", "reason_id": "failed", "reason": text}, status=500
            )
        if context.partial:
            return toast(text, level="error", status=500)
        return context.render("web/refused.html", status=500, text=text)

    def _headers(self, response: web.StreamResponse) -> None:
        if response.prepared:
            return
        response.headers.setdefault("Content-Security-Policy", self._csp)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault(
            "Permissions-Policy", "microphone=(self), speaker-selection=(self), camera=(self)"
        )


def _to(context: Context, target: str) -> web.Response:
    """The whole page becomes another one."""
    if context.partial:
        return web.Response(status=204, headers={"HX-Redirect": target})
    return web.Response(status=303, headers={"Location": target})


def content_policy(ws_url: str) -> str:
    """No inline script or style; voice goes to Asterisk's own WebSocket."""
    connect = f" {urlsplit(ws_url)._replace(path='', query='').geturl()}" if ws_url else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"font-src 'self'; media-src 'self' blob:; connect-src 'self'{connect}; "
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
