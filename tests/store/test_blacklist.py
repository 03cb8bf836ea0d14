"""Refused numbers on disk: added, changed, removed, taken back; which of them a caller meets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from pbxd.app import Daemon, build
from pbxd.blacklist.model import BlockKind, How, Policy
from pbxd.blacklist.service import Wanted
from pbxd.config import Settings
from pbxd.errors import Conflict, InvalidInput, NotFound

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Clock:
    """Stands until it is moved."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def daemon(tmp_path: Path, clock: Clock) -> AsyncIterator[Daemon]:
    made = await build(Settings.model_validate({"store": {"directory": tmp_path}}), clock)
    await made.blacklist.load()
    yield made
    await made.stop()


async def test_a_day_of_the_list(daemon: Daemon) -> None:
    blacklist = daemon.blacklist
    one = await blacklist.add(Wanted("010-1234-5678", name=" 장난 ", reason="밤마다"), "u")
    assert (one.number, one.name) == ("+821012345678", "장난")
    with pytest.raises(Conflict):
        await blacklist.add(Wanted("+82 10 1234 5678"), "u")
    many = await blacklist.add(Wanted("060", is_prefix=True, kind=BlockKind.SPAM), "u")
    assert [entry.id for entry in blacklist.all()] == [many.id, one.id]
    assert blacklist.of("+821012345678") == one
    assert blacklist.of("+82607001234") == many
    assert blacklist.of("+821012345679") is None
    await blacklist.change(one.id, Wanted("", kind=BlockKind.NUISANCE, reason="매일"))
    assert [entry.id for entry in await blacklist.remove([one.id, "nothing"])] == [one.id]
    assert blacklist.of("+821012345678") is None
    await blacklist.load()
    assert [entry.id for entry in blacklist.all()] == [many.id]
    await blacklist.restore([one.id])
    assert [entry.id for entry in blacklist.all()] == [many.id, one.id]
    await blacklist.load()
    back = blacklist.of("+821012345678")
    assert back is not None
    assert (back.kind, back.reason, back.name) == (BlockKind.NUISANCE, "매일", "")
    with pytest.raises(NotFound):
        await blacklist.change("nothing", Wanted(""))


async def test_a_removed_number_that_was_added_again_is_not_there_twice(daemon: Daemon) -> None:
    blacklist = daemon.blacklist
    first = await blacklist.add(Wanted("01012345678"), "u")
    await blacklist.remove([first.id])
    second = await blacklist.add(Wanted("01012345678"), "u")
    await blacklist.restore([first.id])
    assert [entry.id for entry in blacklist.all()] == [second.id]
    await blacklist.load()
    assert [entry.id for entry in blacklist.all()] == [second.id]


async def test_until_a_day(daemon: Daemon, clock: Clock) -> None:
    blacklist = daemon.blacklist
    with pytest.raises(InvalidInput):
        await blacklist.add(Wanted("01012345678", expires_at=NOW), "u")
    await blacklist.add(Wanted("01012345678", expires_at=NOW + timedelta(days=1)), "u")
    assert blacklist.of("+821012345678") is not None
    clock.now = NOW + timedelta(days=1)
    assert blacklist.of("+821012345678") is None
    assert len(blacklist.all()) == 1, "it stays on the list, as over"
    again = await blacklist.add(Wanted("01012345678"), "u")
    assert blacklist.of("+821012345678") == again
    await blacklist.load()
    assert blacklist.all() == (again,), "what was over has made room"


@pytest.mark.parametrize("number", ["", "abc", "101", "112", "119", "010-12"])
async def test_what_cannot_be_refused(daemon: Daemon, number: str) -> None:
    with pytest.raises(InvalidInput):
        await daemon.blacklist.add(Wanted(number), "u")
    assert daemon.blacklist.all() == ()


async def test_a_list_is_read_in_whole_or_not_at_all(daemon: Daemon) -> None:
    blacklist = daemon.blacklist
    await blacklist.add(Wanted("01011112222"), "u")
    added, wrong = await blacklist.add_many(
        [Wanted("01033334444"), Wanted("nonsense"), Wanted("01055556666", name="x" * 81)], "u"
    )
    assert added == 0
    assert [refusal.details["row"] for refusal in wrong] == [2, 3]
    assert len(blacklist.all()) == 1
    rows = [Wanted(f"0103333{number:04}") for number in range(3000)]
    added, wrong = await blacklist.add_many(
        [*rows, Wanted("01011112222"), Wanted("010-3333-0001")], "u"
    )
    assert (added, wrong) == (3000, [])
    await blacklist.load()
    assert len(blacklist.all()) == 3001


async def test_the_policy_is_kept(daemon: Daemon) -> None:
    await daemon.blacklist.set_policy(Policy(How.BUSY, anonymous=True))
    await daemon.blacklist.load()
    assert daemon.blacklist.policy == Policy(How.BUSY, anonymous=True)


async def test_who_was_abusive_too_often_is_refused_once(daemon: Daemon) -> None:
    await daemon.blacklist.refuse("+821012345678", "harassment")
    await daemon.blacklist.refuse("+821012345678", "abuse")
    await daemon.blacklist.refuse("", "abuse")
    await daemon.blacklist.refuse("+821012345679", "a kind of this office")
    kinds = [entry.kind for entry in daemon.blacklist.all()]
    assert kinds == [BlockKind.OTHER, BlockKind.HARASSMENT]
