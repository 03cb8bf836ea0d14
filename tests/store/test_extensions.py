"""Extensions and forwarding on disk: added, changed, deleted, back again; the history keeps all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from pbxd.agents.model import DeviceKind
from pbxd.app import Daemon, build
from pbxd.config import Settings
from pbxd.errors import Conflict, InvalidInput, NotFound
from pbxd.forwarding.model import Forward


@pytest_asyncio.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    made = await build(Settings.model_validate({"store": {"directory": tmp_path}}))
    await made.agents.load()
    yield made
    await made.stop()


async def test_a_day_of_extensions(daemon: Daemon) -> None:
    agents = daemon.agents
    mina = await agents.add(" 김민아 ", "101", DeviceKind.BROWSER)
    hana = await agents.add("이하은", "102", DeviceKind.DESK)
    await agents.change(mina.id, "김민아", "1010")
    assert [agent.extension for agent in agents.all()] == ["1010", "102"]
    with pytest.raises(Conflict):
        await agents.change(hana.id, "이하은", "1010")
    for name, extension in (
        ("", "103"),
        ("x" * 81, "103"),
        ("박", "12345"),
        ("박", "1"),
        ("박", "0a"),
    ):
        with pytest.raises(InvalidInput):
            await agents.add(name, extension, DeviceKind.BROWSER)
    await agents.close(mina.id)
    assert agents.by_extension("1010") is None
    assert agents.left() == (agents.by_id(mina.id),)
    other = await agents.add("새 사람", "1010", DeviceKind.BROWSER)
    with pytest.raises(Conflict):
        await agents.reopen(mina.id)
    await agents.close(other.id)
    await agents.reopen(mina.id)
    with pytest.raises(NotFound):
        await agents.close("nobody")
    await agents.load()
    assert [agent.name for agent in agents.all()] == ["김민아", "이하은"]


async def test_forwarding_is_written_down_and_read_again(daemon: Daemon) -> None:
    agent = await daemon.agents.add("김민아", "101", DeviceKind.BROWSER)
    await daemon.agents.add("이하은", "102", DeviceKind.BROWSER)
    told = await daemon.forwardings.set(
        agent, {Forward.ALWAYS: "", Forward.BUSY: "102", Forward.NO_ANSWER: "010-1234 5678"}
    )
    assert not told, "no PBX is there to be told"
    await daemon.forwardings.load()
    assert daemon.forwardings.of(agent.id) == {
        Forward.BUSY: "102", Forward.NO_ANSWER: "01012345678"
    }  # fmt: skip
    with pytest.raises(InvalidInput):
        await daemon.forwardings.set(agent, {Forward.BUSY: "", Forward.ALWAYS: "101"})
    assert daemon.forwardings.of(agent.id)[Forward.BUSY] == "102", "nothing was half written"
