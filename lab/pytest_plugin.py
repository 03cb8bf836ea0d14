"""Fixtures on the real Asterisk, for every test folder that needs one.

    office, city       the two running Asterisks (session)
    town               both of them, and the factory of phones (session)
    desk_phone         async factory: `phone = await desk_phone("101")`, registered (function)
    talk_phone         the same with a phone that obeys NOTIFY "Event: talk" and Call-Info

After each test that used them no channel may be left: one that is left fails the test.
"""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from lab.errors import LabError, LabUnavailable
from lab.office import Office, OfficeSettings
from lab.outside import City
from lab.phone import DeskPhone
from lab.ports import free_ports
from lab.root import ensure_root
from lab.talkphone import TalkPhone
from lab.town import VOICE_HZ, Town
from lab.user_agent import Broom
from lab.waiting import until

FOLDER = Path(__file__).parent.parent / ".lab"
EMPTY_SECONDS = 3.0
# an office gives pbxd 0.4 s; a machine that runs three of everything at once may need longer
ASK_SECONDS = 2.0
_REGISTERED = re.compile(r"Contact: +(\d+)/sip:")  # desk phones; a browser's is 101-web

MakePhone = Callable[..., Awaitable[DeskPhone]]
MakeTalkPhone = Callable[..., Awaitable[TalkPhone]]


@pytest.fixture(scope="session")
def lab_root() -> Path:
    """The Asterisk tree; skipped, with the reason, where it cannot exist."""
    try:
        return ensure_root(FOLDER)
    except LabUnavailable as problem:
        pytest.skip(str(problem))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(lab_root: Path) -> AsyncIterator[Town]:
    """A town of this test run's own."""
    settings = OfficeSettings(ask_seconds=ASK_SECONDS)
    async with Town(
        lab_root.parent, free_ports(), f"test-{os.getpid()}", settings=settings
    ) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def office(town: Town) -> AsyncIterator[Office]:
    """The office's Asterisk; after the test it must be empty."""
    yield town.office
    await _must_be_empty(town)
    await _forget_phones(town)


@pytest_asyncio.fixture(loop_scope="session")
async def city(town: Town, office: Office) -> City:
    """The telephone network."""
    return town.city


@pytest_asyncio.fixture(loop_scope="session")
async def desk_phone(town: Town, office: Office) -> AsyncIterator[MakePhone]:
    """Factory of desk phones, switched on and registered; switched off after the test."""
    made: list[DeskPhone] = []

    async def make(extension: str, hz: int | None = None) -> DeskPhone:
        phone = town.desk_phone(extension, hz)
        made.append(phone)
        await phone.start()
        await _known_everywhere(office, extension)
        return phone

    yield make
    for phone in made:
        await phone.stop()
        phone.clean()
        town.phones.remove(phone)


@pytest_asyncio.fixture(loop_scope="session")
async def talk_phone(town: Town, office: Office) -> AsyncIterator[MakeTalkPhone]:
    """Factory of desk phones that obey the PBX, switched on and registered."""
    made: list[TalkPhone] = []

    async def make(extension: str, hz: int | None = None) -> TalkPhone:
        phone = TalkPhone(
            extension, town.secrets.desk[extension], town.ports.sip, hz or VOICE_HZ[extension]
        )
        made.append(phone)
        await phone.start()
        await _known_everywhere(office, extension)
        return phone

    yield make
    for phone in made:
        await phone.stop()
        phone.clean()


async def _known_everywhere(office: Office, extension: str) -> None:
    """A phone knows that it is registered before the PBX has told anybody else."""
    for sees in tuple(office.watchers):
        await until(lambda sees=sees: sees(extension), f"phone {extension} is known")


async def _must_be_empty(town: Town) -> None:
    """Nobody may be left in the line; who is left is hung up, so that the next test is clean."""
    if not town.office.running:
        return
    left: list[str] = []

    async def empty() -> bool:
        left[:] = await town.office.channels()
        return not left

    try:
        # a hang-up just sent may still be on its way
        await until(empty, "no channel left", EMPTY_SECONDS)
    except LabError:
        await town.office.cli("channel request hangup all")
        if town.city.running:
            await town.city.cli("channel request hangup all")
        raise LabError(f"channels left after the test: {', '.join(left)}") from None


async def _forget_phones(town: Town) -> None:
    """Desk phones that are gone and still registered: a phone was killed, or Asterisk was, and has
    read an old registration from its disk. The next test's calls would ring there, at nobody.
    """
    if not town.office.running:
        return
    known = set(_REGISTERED.findall(await town.office.cli("pjsip show contacts")))
    for extension in known - {phone.extension for phone in town.phones}:
        secret = town.secrets.desk[extension]
        await Broom(extension, secret, town.ports.sip).sweep()
