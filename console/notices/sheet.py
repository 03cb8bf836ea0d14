"""Who has read a notice, as a file."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from console.lists.export import Sheet, Values, at_once, exported, stamp
from console.lists.model import Column
from console.notices.service import not_yours
from console.users.queries import User
from console.web.context import Context
from console.web.i18n import msgid
from console.web.permissions import Action

COLUMNS = (
    Column("name", msgid("Name")),
    Column("department", msgid("Department")),
    Column("read", msgid("Read at")),
)
Reader = tuple[User, datetime | None]


async def export(context: Context) -> web.StreamResponse:
    """For whom it is, and when each has opened it, as Excel."""
    service = context.services.notices
    notice = await service.get(context.viewer, context.request.match_info["id"])
    if not service.may(context.viewer, Action.EXPORT, notice):
        raise not_yours()
    values: Values[Reader] = {
        "name": lambda reader: reader[0].name,
        "department": lambda reader: reader[0].department,
        "read": lambda reader: stamp(context, reader[1]) or context.language.text("not read yet"),
    }
    sheet = Sheet("notice-readers", msgid("Readers of a notice"), COLUMNS, values, what="notice")
    readers = at_once(await service.readers(notice))
    return await exported(context, sheet, readers, notice.content.title)
