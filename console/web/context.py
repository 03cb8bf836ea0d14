"""One request as a handler sees it: who asks, in which language, and how to answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel, ValidationError

from console.users.queries import User
from console.web.forms import submitted, typed
from console.web.i18n import Language
from console.web.permissions import Action, Scope, scope_of
from console.web.queries import SessionRow
from pbxd.errors import NotAllowed

if TYPE_CHECKING:
    from console.services import Services

F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a screen."""

    user: User
    session: SessionRow
    language: Language

    def scope(self, menu: str, action: Action = Action.VIEW) -> Scope:
        """How far this person's right reaches."""
        return scope_of(self.user.role, self.user.grants, menu, action)

    def may(self, menu: str, action: str = "view") -> bool:
        """May this person do that at all?"""
        return self.scope(menu, Action(action)) is not Scope.NONE


@dataclass(slots=True)
class Context:
    """A request with everything that a handler needs."""

    request: web.Request
    services: Services
    language: Language
    viewer_or_none: Viewer | None = None
    errors: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)  # what was typed and could not be saved

    @property
    def viewer(self) -> Viewer:
        """Who asks (a handler that needs no log-in must not ask)."""
        if self.viewer_or_none is None:
            raise NotAllowed("not-logged-in", "Log in first.")
        return self.viewer_or_none

    @property
    def partial(self) -> bool:
        """Only the main pane is wanted (htmx)."""
        return self.request.headers.get("HX-Request") == "true"

    def render(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page (or, for htmx, its main pane) from a template."""
        return web.Response(
            text=self.services.templates.page(self, template, values),
            content_type="text/html",
            charset="utf-8",
            status=status,
            headers={"Vary": "HX-Request, Accept-Language, Cookie", "Cache-Control": "no-store"},
        )

    def html(self, template: str, **values: Any) -> str:
        """A part of a page, drawn as `render` draws it."""
        return self.services.templates.page(self, template, values)

    def piece(self, html: str, status: int = 200) -> web.Response:
        """A part of a page that was drawn by `html`, for htmx."""
        headers = {"Vary": "HX-Request, Accept-Language, Cookie", "Cache-Control": "no-store"}
        return web.Response(text=html, content_type="text/html", status=status, headers=headers)

    def words(self, template: str, name: str) -> dict[str, str]:
        """Words that pages `set` in one place, for a file."""
        return self.services.templates.words(self.language, template, name)

    def fragment(self, template: str, **values: Any) -> web.Response:
        """A piece of a page, for htmx."""
        html = self.services.templates.fragment(self.language, template, **values)
        return web.Response(text=html, content_type="text/html")

    def go(self, path: str) -> web.Response:
        """Show another page after a change: from its top, when it is not the one that is shown."""
        if self.partial:
            here = urlsplit(self.request.headers.get("HX-Current-URL", "")).path
            where = {"path": path, "target": "#main"}
            if here != urlsplit(path).path:
                where["swap"] = "innerHTML show:window:top"
            headers = {"HX-Location": json.dumps(where)}
            return web.Response(status=204, headers=headers)
        return web.Response(status=303, headers={"Location": path})

    async def form(self, kind: type[F]) -> F:
        """The submitted form (or JSON), typed. Raises InvalidInput naming the first field."""
        return typed(kind, await submitted(self.request))

    def query(self, kind: type[F]) -> F:
        """The address's parameters, typed; what cannot be read is left out."""
        values = {key: value for key, value in self.request.query.items() if value != ""}
        while True:
            try:
                return kind.model_validate(values)
            except ValidationError as problem:
                wrong = {str(error["loc"][0]) for error in problem.errors()}
                values = {key: value for key, value in values.items() if key not in wrong}


Handler = Callable[[Context], Awaitable[web.StreamResponse]]
