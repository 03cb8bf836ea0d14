"""`pbxd dialplan`: into somebody's own Asterisk, and out again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from lab.office import MAIN_NUMBER
from lab.ports import free_ports
from lab.town import Town
from pbxd.errors import Refused
from pbxd.setup import dialplan
from pbxd.setup.init import Answers, _asterisk_files

CALLER = "01012345678"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
THEIRS = "\n[their-own]\nexten => 4711,1,NoOp(their own)\n; 한글 주석\n"


class Theirs:
    """An Asterisk that knows nothing of pbxd's dialplan yet."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town = town
        self.etc = town.office.folder / "etc"
        self.config = folder / "pbxd.toml"
        office = town.office
        self.rx = f"chroot {office.root} asterisk -C {office.inside}/etc/asterisk.conf -rx"

    def run(self, what: str, *more: str) -> subprocess.CompletedProcess[str]:
        """As the engineer does."""
        command = [sys.executable, "-m", "pbxd", "dialplan", what, "--asterisk", str(self.etc)]
        return subprocess.run(
            [*command, "--config", str(self.config), "--rx", self.rx, *more],
            capture_output=True,
            text=True,
            input="n\n",
            timeout=60,
            check=False,
        )

    def files(self) -> dict[str, bytes]:
        """The whole configuration, without backups."""
        found = (file for file in self.etc.rglob("*") if file.is_file())
        return {
            str(file.relative_to(self.etc)): file.read_bytes()
            for file in found
            if dialplan.BACKUPS not in file.parts
        }

    async def shows(self, context: str) -> bool:
        return f"'{context}'" in await self.town.office.cli("dialplan show")


@pytest_asyncio.fixture(loop_scope="session")
async def theirs(lab_root: Path, tmp_path: Path) -> AsyncIterator[Theirs]:
    async with Town(lab_root.parent, free_ports(), f"theirs-{os.getpid()}") as town:
        made = Theirs(town, tmp_path)
        ours = tmp_path / "asterisk" / "pbxd"
        ours.mkdir(parents=True)
        for name in dialplan.OWN:  # with the values of this lab
            shutil.copy(made.etc / "pbxd" / name, ours / name)
        for name in dialplan.INCLUDES:
            file = made.etc / name
            text = re.sub(r"^#include pbxd/.*\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
            if name == "pjsip.conf":  # phones on templates of their own
                templates = (made.etc / "pbxd" / "pjsip-pbxd.conf").read_text("utf-8")
                text = templates.replace("[pbxd-", "[their-") + re.sub(r"\(pbxd-", "(their-", text)
                text = text.replace("(pbxd-", "(their-").replace(",pbxd-", ",their-")
            if name == "extensions.conf":
                text += THEIRS
            file.write_text(text, "utf-8")
        shutil.rmtree(made.etc / "pbxd")
        await town.office.cli("dialplan reload")
        await town.office.cli("module reload res_pjsip.so")
        assert not await made.shows("pbxd-inbound")
        assert await made.shows("their-own")
        yield made


async def test_in_and_out(theirs: Theirs) -> None:
    before = theirs.files()
    shown = theirs.run("diff")
    assert shown.returncode == 0, shown.stderr
    assert "+#include pbxd/pbxd.conf" in shown.stdout
    assert theirs.town.office.account.secret not in shown.stdout
    assert theirs.files() == before, "diff writes nothing"
    assert theirs.run("install").returncode == 0
    assert theirs.files() == before, "nothing without a yes"

    done = theirs.run("install", "--yes")
    assert done.returncode == 0, done.stderr
    assert await theirs.shows("their-own")
    phone = theirs.town.desk_phone("101")
    await phone.start()
    call = await theirs.town.city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()  # through our dialplan
    office = theirs.etc / "pbxd" / "pbxd-office.conf"
    office.write_text(office.read_text("utf-8") + "; a change of the engineer's\n", "utf-8")

    again = theirs.run("install", "--yes")
    assert again.returncode == 0, again.stderr
    assert "a change of the engineer's" in office.read_text("utf-8")
    assert theirs.run("install", "--yes").stdout.startswith("Nothing has to be changed.")
    assert phone.calls, "calls go on meanwhile"
    await call.hang_up()

    refused = theirs.run("remove", "--yes")
    assert refused.returncode == 1
    assert "pjsip.conf" in refused.stderr
    assert "context = pbxd-internal" in refused.stderr, "its calls would fail"
    assert await theirs.shows("pbxd-inbound")
    phones = theirs.etc / "pjsip.conf"
    phones.write_bytes(phones.read_bytes().replace(b"= pbxd-", b"= their-"))
    before["pjsip.conf"] = before["pjsip.conf"].replace(b"= pbxd-", b"= their-")

    gone = theirs.run("remove", "--yes")
    assert gone.returncode == 0, gone.stderr
    assert not await theirs.shows("pbxd-inbound")
    assert await theirs.shows("their-own")
    left = theirs.files()
    assert {name: left[name] for name in before} == before
    assert set(left) - set(before) == {f"pbxd/{name}" for name in dialplan.OWN}


async def test_what_asterisk_does_not_take_is_undone(
    theirs: Theirs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert theirs.run("install", "--yes").returncode == 0
    good = theirs.files()
    broken = Path(shutil.copytree(dialplan.DIALPLAN, tmp_path / "dialplan"))
    file = broken / "pbxd.conf"
    file.write_text(file.read_text("utf-8").replace("[pbxd-ring]", "[pbxd-ring", 1), "utf-8")
    monkeypatch.setattr(dialplan, "DIALPLAN", broken)
    changes = dialplan.install(theirs.etc, tmp_path / "asterisk" / "pbxd")
    with pytest.raises(Refused, match="as it was"):
        dialplan.carry_out(theirs.etc, changes, dialplan.console(theirs.rx), NOW)
    assert theirs.files() == good
    phone = theirs.town.desk_phone("101")
    await phone.start()
    call = await theirs.town.city.call(MAIN_NUMBER, CALLER)
    await phone.wait_ringing()
    await call.hang_up()


async def test_wrong_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no configuration of Asterisk"):
        dialplan.install(tmp_path, tmp_path)
    (tmp_path / "extensions.conf").write_text("")
    with pytest.raises(Refused, match="pbxd init"):
        dialplan.install(tmp_path, tmp_path)
    ours = tmp_path / "ours"
    ours.mkdir()
    _asterisk_files(Answers(number="0255500100"), ours)
    names = {change.file.name for change in dialplan.install(tmp_path, ours)}
    assert {"pbxd.conf", "pbxd-office.conf", "extensions.conf"} <= names
    with pytest.raises(Refused, match="console"):
        dialplan.carry_out(
            tmp_path,
            dialplan.install(tmp_path, ours),
            dialplan.console("/no/such"),
            dialplan.datetime.now(),
        )
