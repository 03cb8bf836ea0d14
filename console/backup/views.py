"""The page of backups."""

from __future__ import annotations

from dataclasses import asdict
from datetime import time
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.audit.notes import noted
from console.web.context import Context
from pbxd.backup.rules import Policy
from pbxd.errors import Conflict, InvalidInput, NotFound, Refused

Count = Annotated[int, Field(ge=0, le=1000)]


class PolicyForm(BaseModel):
    """When, where to, and how many are kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    automatic: bool = False
    at: time = time(17, 55)
    folder: Annotated[str, Field(max_length=400)] = ""
    last: Annotated[int, Field(ge=1, le=1000)] = 2
    daily: Count = 7
    weekly: Count = 4
    monthly: Count = 12
    recordings: bool = False

    def policy(self) -> Policy:
        """As the service takes it."""
        return Policy(**dict(self) | {"folder": self.folder.strip()})


async def page(context: Context) -> web.StreamResponse:
    """The rule, and those that there are."""
    return await _page(context)


async def make(context: Context) -> web.StreamResponse:
    """One now."""
    try:
        made = await context.services.daemon.backups.make()
    except Conflict as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _page(context, status=409)
    await noted(context, "backup.make", made.name, None, made.sha256)
    return context.go("/settings/backup")


async def save_policy(context: Context) -> web.StreamResponse:
    """Another rule; a folder in which nothing can be written is said, and stays typed."""
    form = await context.form(PolicyForm)
    backups = context.services.daemon.backups
    before = backups.policy
    try:
        await backups.set_policy(form.policy())
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return await _page(context, form, status=422)
    await noted(context, "backup.policy", "", str(asdict(before)), str(asdict(form.policy())))
    return context.go("/settings/backup")


async def restore(context: Context) -> web.StreamResponse:
    """Put one back; pbxd starts again."""
    name = context.request.match_info["name"]
    await noted(context, "backup.restore", name)
    try:
        await context.services.daemon.backups.restore(name)
    except Refused as refusal:
        context.errors[""] = context.language.refusal(refusal)
        return await _page(context, status=409)
    return context.render("backup/restoring.html", name=name)


async def download(context: Context) -> web.StreamResponse:
    """Take one along: everything is in it; who did is written down."""
    name, backups = context.request.match_info["name"], context.services.daemon.backups
    if name not in {one.name for one in await backups.all()}:
        raise NotFound("no-backup", "This backup is not there any more.")
    await noted(context, "backup.download", name)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Type": "application/vnd.sqlite3",
        "Cache-Control": "no-store",
    }
    return web.FileResponse(backups.folder / name, headers=headers)


async def _page(
    context: Context, typed: PolicyForm | None = None, status: int = 200
) -> web.StreamResponse:
    daemon = context.services.daemon
    backups = daemon.backups
    return context.render(
        "backup/page.html",
        status=status,
        made=await backups.all(),
        policy=typed or backups.policy,
        folder=backups.folder,
        problem=backups.problem,
        room=await backups.room(),
    )
