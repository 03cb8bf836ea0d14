"""What was typed and not saved, kept for its writer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.drafts.service import KEPT, Drafts
from console.users.service import Users
from console.web.permissions import Role
from pbxd.app import build
from tests.loopback import on_loopback


async def test_ones_own_until_saved_or_long_ago(tmp_path: Path) -> None:
    daemon = await build(on_loopback(tmp_path))
    now = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    users = Users(daemon.store, lambda: now, daemon.settings.office.zone)
    kim = (await users.create("kim", "김", "long enough for a test", Role.USER)).id
    lee = (await users.create("lee", "이", "long enough for a test", Role.USER)).id
    drafts = Drafts(daemon.store, lambda: now)
    await drafts.keep(kim, "customer-new", [("name", "김"), ("phone", "1")])
    await drafts.keep(kim, "customer-new", [("name", "김서준"), ("phone", "1"), ("phone", "2")])
    await drafts.keep(kim, "notice-new", [("title", "회의")])
    asked = ["customer-new", "notice-new", "pop-lines"]
    assert await drafts.of(lee, asked) == {}
    assert (await drafts.of(kim, asked))["customer-new"] == [
        ["name", "김서준"], ["phone", "1"], ["phone", "2"]
    ]  # fmt: skip
    await drafts.keep(kim, "notice-new", [])
    assert list(await drafts.of(kim, asked)) == ["customer-new"]
    now += KEPT + timedelta(seconds=1)
    await drafts.keep(lee, "pop-lines", [("line", "memo")])
    assert await drafts.of(kim, asked) == {}
    await daemon.stop()
