"""The matrix: each verb × {desk, browser phone} × {incoming, outgoing}, on the real PBX.

Writes docs/telephony-matrix.md when all of it was run: what happens, what is heard and recorded.
To the PBX a browser phone is the endpoint 101-web that pbxd makes in AstDB; here a SIP phone plays
its part (without WebRTC), so that what is heard can be told by tones. The real browser is in
tests/browser/test_verbs.py.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from lab.ami import Ami
from lab.hearing import MIXED, loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall, plays
from lab.phone import DeskPhone
from lab.pytest_plugin import MakePhone
from lab.town import Town
from lab.waiting import until
from pbxd.agents.browser_phone import FAMILY, entries
from pbxd.agents.model import DeviceKind
from pbxd.calls import queries
from pbxd.calls.model import Direction, Outcome
from pbxd.calls.queries import CallFilter
from tests.pbx.verbs import Pressing, hears_more, pressing

PAGE = Path(__file__).parents[2] / "docs" / "telephony-matrix.md"
CALLER = "01012345678"
A, B, C = 660, 550, 440  # the tones of agent 101, colleague 102 and the customer
SECRET = "a-secret-of-the-matrix"
KINDS, WAYS = ("desk phone", "browser phone"), ("incoming", "outgoing")


@dataclass
class Stage:
    """Agent 101 talks with a customer; 102 is a colleague."""

    desk: Pressing
    city: City
    phone: DeskPhone
    colleague: DeskPhone
    way: str
    number: str = CALLER
    call: CityCall | None = None

    async def begin(self) -> None:
        """Until both hear each other."""
        if self.way == "incoming":
            self.call = await self.city.call(MAIN_NUMBER, CALLER, audio=C)
            await self.phone.wait_ringing()
            await self.colleague.wait_ringing()
        else:
            self.number = plays(C)
            agent = self.desk.agents["101"]
            assert (await self.desk.daemon.desk.dial(agent.id, self.number, "command-out")).ok
            await self.phone.wait_ringing()
        await self.phone.answer()
        await self.colleague.wait_idle()
        await self.desk.until_talks("101", self.number)
        await hears_more(self.heard, A, 0.3)

    @property
    def heard(self) -> Path:
        """What the customer hears."""
        return self.call.heard if self.call else self.city.heard_by(self.number)[-1]

    async def press(self, verb: str, *more: object) -> None:
        """The agent presses a button, which works."""
        result = await self.desk.press(getattr(self.desk.daemon.desk, verb), "101", *more)
        assert result.ok, result

    async def colleague_answers(self) -> None:
        await self.colleague.wait_ringing()
        await self.colleague.answer()

    async def record(self) -> None:
        """All is over: one record, of a conversation of 101 with that customer."""
        await until(lambda: not self.desk.daemon.live.calls(), "nobody is left", 20)
        await until(lambda: self.desk.daemon.history.written == 1, "the record is on disk")
        async with self.desk.daemon.store.reading() as conn:
            (row,) = (await queries.log(conn, CallFilter())).rows
        wanted = Direction.IN if self.way == "incoming" else Direction.OUT
        assert (row.direction, row.outcome, row.extension) == (wanted, Outcome.ANSWERED, "101")
        assert row.number == "+82" + self.number[1:]


Run = Callable[[Stage], Awaitable[None]]


async def hang_up(stage: Stage) -> None:
    await stage.phone.hang_up()


async def transfer(stage: Stage) -> None:
    await stage.press("transfer", "102")
    await stage.phone.wait_idle()
    await stage.colleague_answers()
    await stage.desk.until_talks("102", stage.number)
    await hears_more(stage.heard, B)
    await hears_more(stage.colleague, C)
    await stage.colleague.hang_up()


async def transfer_refused(stage: Stage) -> None:
    await stage.press("transfer", "102")
    await stage.colleague.wait_ringing()
    await stage.colleague.refuse()
    await stage.phone.wait_ringing()
    await stage.phone.answer()
    await stage.desk.until_talks("101", stage.number)
    await hears_more(stage.heard, A)
    await stage.phone.hang_up()


async def asked(stage: Stage) -> None:
    await stage.press("consult", "102")
    await stage.colleague_answers()
    await stage.desk.until_talks("101", "102")
    await hears_more(stage.phone, B)


async def hand_over(stage: Stage) -> None:
    await asked(stage)
    await stage.press("complete")
    await stage.phone.wait_idle()
    await stage.desk.until_talks("102", stage.number)
    await hears_more(stage.heard, B)
    await stage.colleague.hang_up()


async def back(stage: Stage) -> None:
    await asked(stage)
    await stage.press("back")
    await stage.colleague.wait_idle()
    await stage.desk.until_talks("101", stage.number)
    await hears_more(stage.heard, A)
    await stage.phone.hang_up()


async def merge(stage: Stage) -> None:
    await asked(stage)
    await stage.press("merge")
    for who, tones in ((stage.heard, (A, B)), (stage.colleague, (A, C)), (stage.phone, (B, C))):
        for tone in tones:
            await hears_more(who, tone, 0.3, share=MIXED)
    await stage.phone.hang_up()
    await hears_more(stage.heard, B)
    await stage.colleague.hang_up()


async def abuse(stage: Stage) -> None:
    before = loud_seconds(stage.heard)
    key = (await stage.desk.call()).key
    result = await stage.desk.daemon.abuse.block(stage.desk.agents["101"], key, "abuse")
    assert result.ok, result
    await stage.phone.wait_idle()
    await until(lambda: not stage.desk.daemon.live.calls(), "the announcement ends", 20)
    assert loud_seconds(stage.heard) - before > 4


@dataclass(frozen=True)
class Verb:
    """A row of the page; the words are what `run` asserts."""

    name: str
    run: Run
    happens: str
    is_heard: str


VERBS = (
    Verb("Hang up", hang_up, "Both lines are free.", "Until then each hears the other."),
    Verb("Transfer, answered", transfer, "The agent is free; the colleague has the customer.",
         "Customer and colleague hear each other."),
    Verb("Transfer, declined", transfer_refused,
         "The agent's phone rings again; the customer is still there.",
         "Customer and agent hear each other again."),
    Verb("Ask first, hand over", hand_over, "The agent is free; the colleague has the customer.",
         "Agent and colleague each other, then customer and colleague."),
    Verb("Ask first, back", back, "The colleague is free; the agent has the customer.",
         "Agent and colleague each other, then customer and agent."),
    Verb("Ask first, merge", merge, "All three; the agent leaves and the others go on.",
         "Each hears both others; then customer and colleague each other."),
    Verb("Block abuse", abuse, "The agent is free at once; then the customer is hung up.",
         "The customer hears the announcement to its end."),
)  # fmt: skip
done: dict[tuple[str, str, str], bool] = {}


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, tmp_path: Path) -> AsyncIterator[Pressing]:
    async with pressing(office, tmp_path, "101", "102") as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def browser_phone(
    town: Town, office: Office
) -> AsyncIterator[Callable[[], Awaitable[DeskPhone]]]:
    """Makes 101-web as pbxd does, but for WebRTC."""
    made: list[DeskPhone] = []
    ami = await office.ami()

    async def make() -> DeskPhone:
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


async def _web_phone(ami: Ami, town: Town) -> DeskPhone:
    for entry in entries("101-web", "101", "김서준", SECRET, "ko", "127.0.0.1"):
        value = json.loads(entry.value)
        value.pop("webrtc", None)
        value.pop("dtls_auto_generate_cert", None)
        if "allow" in value:
            value["allow"] = "alaw,ulaw"
        await ami.action("DBPut", Family=entry.family, Key=entry.key, Val=json.dumps(value))
    await ami.action("Reload", Module="res_pjsip.so")
    phone = DeskPhone("101-web", SECRET, town.ports.sip, A)
    await phone.start()
    return phone


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
async def test_matrix(
    verb: Verb,
    kind: str,
    way: str,
    desk: Pressing,
    city: City,
    desk_phone: MakePhone,
    browser_phone: Callable[[], Awaitable[DeskPhone]],
) -> None:
    phone = await (browser_phone() if kind == "browser phone" else desk_phone("101", A))
    if kind == "browser phone":
        await desk.daemon.agents.set_device(desk.agents["101"].id, DeviceKind.BROWSER)
        found = desk.daemon.agents.by_extension("101")
        assert found is not None
        desk.agents["101"] = found
    stage = Stage(desk, city, phone, await desk_phone("102", B), way)
    await stage.begin()
    await verb.run(stage)
    await stage.record()
    done[verb.name, kind, way] = True


async def test_the_page_says_what_was_run() -> None:
    wanted = {(verb.name, kind, way) for verb in VERBS for kind in KINDS for way in WAYS}
    if set(done) != wanted:
        pytest.skip("only a part of the matrix was run")
    rows = [
        f"| {verb.name} | {verb.happens} | {verb.is_heard} | one record: answered, by 101 |"
        for verb in VERBS
    ]
    page = HEAD + "\n".join(rows) + "\n"
    if not PAGE.exists() or PAGE.read_text("utf-8") != page:
        PAGE.write_text(page, "utf-8")


HEAD = """# What the desk's verbs do

Written by `tests/pbx/test_matrix.py`, which runs each row on a real Asterisk with a desk phone and
with a browser phone's endpoint, for an incoming and for an outgoing call, tells by tones who hears
whom, and reads the record.

| verb | what happens | what is heard | what is recorded |
|---|---|---|---|
"""
