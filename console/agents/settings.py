"""The settings page of presence: reasons, wrap-up seconds, absence after missed calls."""

from __future__ import annotations

from aiohttp import web

from console.agents.forms import OptionsForm, ReasonForm
from console.agents.service import PresenceSettings
from console.web.context import Context
from console.web.forms import submitted
from pbxd.agents.presence import Options
from pbxd.errors import InvalidInput

PAGE = "/settings/presence"
# msgids of templates/agents/reasons.html
BUILT_IN = {
    "break": "Break",
    "meal": "Meal",
    "meeting": "Meeting",
    "training": "Training",
    "other": "Other",
}


async def shown(context: Context) -> web.Response:
    """Reasons and settings."""
    return _page(context)


async def save(context: Context) -> web.Response:
    """Wrap-up seconds and the limit of missed calls."""
    try:
        form = await context.form(OptionsForm)
        options = Options(form.wrap_up_seconds, form.missed_limit)
        await _service(context).set_options(options, context.viewer.user.id)
    except InvalidInput as refusal:
        return await _wrong(context, refusal, "options")
    return context.go(PAGE)


async def add(context: Context) -> web.Response:
    """A new reason."""
    try:
        form = await context.form(ReasonForm)
        await _service(context).add(form.name, form.minutes, form.rest, context.viewer.user.id)
    except InvalidInput as refusal:
        return await _wrong(context, refusal, "new")
    return context.go(PAGE)


async def change(context: Context) -> web.Response:
    """Another name, length or mark."""
    reason_id, user_id = context.request.match_info["id"], context.viewer.user.id
    try:
        form = await context.form(ReasonForm)
        name = _own_name(context, reason_id, form.name)
        await _service(context).change(reason_id, name, form.minutes, form.rest, user_id)
    except InvalidInput as refusal:
        return await _wrong(context, refusal, reason_id)
    return context.go(PAGE)


async def up(context: Context) -> web.Response:
    """One place up."""
    await _service(context).up(context.request.match_info["id"])
    return context.go(PAGE)


async def remove(context: Context) -> web.Response:
    """Out of the menu."""
    await _service(context).remove(context.request.match_info["id"], context.viewer.user.id)
    return context.go(PAGE)


def _own_name(context: Context, reason_id: str, name: str) -> str:
    """ "" while the built-in name is kept: it then stays translated for everybody."""
    words = (one.word for one in context.services.daemon.presence.reasons() if one.id == reason_id)
    built_in = BUILT_IN.get(next(words, ""), "")
    return "" if built_in and name.strip() == context.language.text(built_in) else name


def _service(context: Context) -> PresenceSettings:
    daemon = context.services.daemon
    return PresenceSettings(daemon.store, daemon.presence, daemon.bus, daemon.clock)


async def _wrong(context: Context, refusal: InvalidInput, form: str) -> web.Response:
    """The page again, with what was typed into that form (options, new, or a reason's id)."""
    context.errors[refusal.field] = context.language.refusal(refusal)
    typed = await submitted(context.request)
    return _page(context, form, {key: str(value) for key, value in typed.items()}, status=422)


def _page(
    context: Context, wrong: str = "", typed: dict[str, str] | None = None, status: int = 200
) -> web.Response:
    presence = context.services.daemon.presence
    reasons = presence.reasons()
    away_now = {
        reason.id: ", ".join(agent.name for agent in presence.away_by(reason.id))
        for reason in reasons
    }
    return context.render(
        "agents/presence.html",
        status=status,
        reasons=reasons,
        options=presence.options,
        away_now=away_now,
        wrong=wrong,
        typed=typed or {},
    )
