"""The page of functions, to read and to print (기능목록, S1-41)."""

from __future__ import annotations

from aiohttp import web

from console.desk.who import agent_or_none
from console.functions.model import ABOUT, OLD_MENUS
from console.web.context import Context


async def page(context: Context) -> web.StreamResponse:
    """What there is, where it was; keys, codes and extensions."""
    daemon, viewer = context.services.daemon, context.viewer
    return context.render(
        "functions/page.html",
        agent=agent_or_none(context),
        agents=daemon.agents.all() if viewer.may("desk") else None,
        kinds=daemon.abuse.kinds,
        reasons=daemon.presence.reasons(),
        about=ABOUT,
        old_menus=OLD_MENUS,
        may_open=_may_open(context),
    )


def _may_open(context: Context) -> frozenset[str]:
    """The pages that this person may see."""
    from console.registry import CAPABILITIES  # noqa: PLC0415 - it knows this module

    routes = (route for one in CAPABILITIES for route in one.routes if route.method == "GET")
    return frozenset(
        route.path
        for route in routes
        if route.need is not None and context.viewer.may(route.need.menu, route.need.action.value)
    )
