"""The matrix: each verb × {desk, browser phone} × {incoming, outgoing}, on the real PBX.

Keeps docs/telephony-matrix.md: what happens, what is heard and recorded.
To the PBX a browser phone is the endpoint 101-web that pbxd makes in AstDB; here a SIP phone plays
its part (without WebRTC), so that what is heard can be told by tones. The real browser is in
tests/browser/test_verbs.py. The acts are in matrix.py, who stands there in stage.py.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from lab.ami import Ami
from lab.office import Office
from lab.outside import City
from lab.pytest_plugin import MakePhone, MakeTalkPhone
from lab.talkphone import TalkPhone
from lab.town import Town
from pbxd.agents.browser_phone import FAMILY, entries
from pbxd.agents.model import DeviceKind
from tests.pbx.matrix import VERBS, Verb
from tests.pbx.stage import A, B, Stage
from tests.pbx.verbs import Pressing, pressing

PAGE = Path(__file__).parents[2] / "docs" / "telephony-matrix.md"
SECRET = "a-secret-of-the-matrix"
KINDS, WAYS = ("desk phone", "browser phone"), ("incoming", "outgoing")
CASES = [
    (verb, kind, way) for verb in VERBS for kind in KINDS for way in WAYS if verb.applies(kind, way)
]
PARAMETERS = [
    pytest.param(*case, marks=pytest.mark.xdist_group(f"matrix {case[1]} {case[2]}"))
    for case in CASES
]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102", "103") as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def browser_phone(
    town: Town, office: Office
) -> AsyncIterator[Callable[[], Awaitable[TalkPhone]]]:
    """Makes 101-web as pbxd does, but for WebRTC."""
    made: list[TalkPhone] = []
    ami = await office.ami()

    async def make() -> TalkPhone:
        phone = await _web_phone(ami, town)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        await phone.stop()
        phone.clean()
    for kind in ("endpoint", "aor", "auth") if made else ():
        await ami.action("DBDel", Family=f"{FAMILY}/{kind}", Key="101-web")
    ami.close()


async def _web_phone(ami: Ami, town: Town) -> TalkPhone:
    for entry in entries("101-web", "101", "김서준", SECRET, "ko", "127.0.0.1"):
        value = json.loads(entry.value)
        value.pop("webrtc", None)
        value.pop("dtls_auto_generate_cert", None)
        if "allow" in value:
            value["allow"] = "alaw,ulaw"
        await ami.action("DBPut", Family=entry.family, Key=entry.key, Val=json.dumps(value))
    await ami.action("Reload", Module="res_pjsip.so")
    phone = TalkPhone("101-web", SECRET, town.ports.sip, A)
    await phone.start()
    return phone


@pytest.mark.parametrize(("verb", "kind", "way"), PARAMETERS, ids=str)
async def test_matrix(
    verb: Verb,
    kind: str,
    way: str,
    desk: Pressing,
    office: Office,
    city: City,
    desk_phone: MakePhone,
    talk_phone: MakeTalkPhone,
    browser_phone: Callable[[], Awaitable[TalkPhone]],
) -> None:
    phone = await (browser_phone() if kind == "browser phone" else talk_phone("101", A))
    if kind == "browser phone":
        await desk.daemon.agents.set_device(desk.agents["101"].id, DeviceKind.BROWSER)
        found = desk.daemon.agents.by_extension("101")
        assert found is not None
        desk.agents["101"] = found
    colleague = await desk_phone("102", B)
    stage = Stage(desk, office, city, phone, colleague, talk_phone, browser_phone, way)
    await verb.run(stage)
    await stage.record()


async def test_the_page_says_what_is_run() -> None:
    page = HEAD + "".join(
        f"| {verb.name} | {verb.state} | {verb.happens} | {verb.is_heard} | {verb.recorded} |"
        f" {verb.tried} |\n"
        for verb in VERBS
    )
    if not PAGE.exists() or PAGE.read_text("utf-8") != page:
        PAGE.write_text(page, "utf-8")


HEAD = """# What the desk's verbs do

Written by `tests/pbx/test_matrix.py`, which runs each row on a real Asterisk with a desk phone and
with a browser phone's endpoint, for an incoming and for an outgoing call, tells by tones who hears
whom, and reads the record. Real browsers are in `tests/browser/test_verbs.py`.

| verb | before | what happens | what is heard | what is recorded | phones and ways |
|---|---|---|---|---|---|
"""
