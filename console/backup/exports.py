"""The page of the file with all data."""

from __future__ import annotations

from aiohttp import web

from console.audit.notes import noted
from console.backup.meanings import TABLES
from console.web.context import Context
from console.web.excel import EXCEL
from pbxd.errors import Conflict


async def page(context: Context) -> web.StreamResponse:
    """What there is, or how far it is."""
    return _page(context)


async def make(context: Context) -> web.StreamResponse:
    """Make the file."""
    try:
        made = context.services.exports.begin(context.viewer.user.id, context.language)
    except Conflict as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return _page(context, status=409)
    await noted(context, "export.begin", made.id)
    return context.go("/settings/export")


async def cancel(context: Context) -> web.StreamResponse:
    """Not after all; or the file is not needed any more."""
    was = context.services.exports.cancel()
    if was is not None:
        await noted(context, "export.cancel", was.id)
    return context.go("/settings/export")


async def download(context: Context) -> web.StreamResponse:
    """Take it along; who did is written down."""
    exports, id = context.services.exports, context.request.match_info["id"]
    file, made = exports.file(id), exports.now
    assert made is not None
    await noted(context, "export.download", id, None, {"rows": made.rows})
    day = made.begun_at.astimezone(context.services.daemon.settings.office.zone)
    headers = {
        "Content-Disposition": f'attachment; filename="pbxd-{day:%Y-%m-%d}.xlsx"',
        "Content-Type": EXCEL,
        "Cache-Control": "no-store",
    }
    return web.FileResponse(file, headers=headers)


def _page(context: Context, status: int = 200) -> web.Response:
    now = context.services.exports.now
    by = context.services.users.get(now.by) if now is not None else None
    return context.render(
        "backup/export.html",
        status=status,
        now=now,
        by=by.name if by is not None else "",
        tables=TABLES,
    )
