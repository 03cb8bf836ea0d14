"""Two who write at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

from console.consultations.service import Consultations, Written
from console.customers.files import customer_files
from console.customers.model import Details
from console.users.service import Users
from console.web.context import Viewer
from console.web.i18n import Language
from console.web.permissions import Role
from console.web.queries import SessionRow
from pbxd.app import build
from pbxd.errors import Conflict
from tests.loopback import on_loopback


async def test_who_is_told_reads_the_words_that_stand_there_now(tmp_path: Path) -> None:
    """Both had read the entry before either wrote."""
    daemon = await build(on_loopback(tmp_path))
    users = Users(daemon.store, daemon.clock)
    customers = customer_files(daemon.store, daemon.plan, daemon.clock)
    service = Consultations(daemon, customers, users, lambda agent, customer: "")
    boss = await users.create("boss", "boss", "long enough for a test", Role.ADMIN)
    viewer = Viewer(boss, cast(SessionRow, None), cast(Language, None))
    customer = await customers.create(Details("두 사람"), boss.id)
    case = await service.write(viewer, customer.id, Written("처음"))
    part = case.parts[0]
    answers = await asyncio.gather(
        service.edit(viewer, part.id, "하나", part.version),
        service.edit(viewer, part.id, "둘", part.version),
        return_exceptions=True,
    )
    (refused,) = (one for one in answers if isinstance(one, Conflict))
    (kept,) = (await service.get(case.id)).parts
    assert kept.text in ("하나", "둘")
    assert refused.details["text"] == kept.text
    await daemon.stop()
