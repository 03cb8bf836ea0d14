"""The stage on which the matrix is played: who stands there, and how he talks and is heard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from lab.hearing import hears, loud_seconds
from lab.office import MAIN_NUMBER, Office
from lab.outside import City, CityCall, plays
from lab.phone import DeskPhone
from lab.pytest_plugin import MakeTalkPhone
from lab.talkphone import TalkPhone
from lab.waiting import until
from pbxd.agents.model import Agent, DeviceKind
from pbxd.calls import queries
from pbxd.calls.model import Direction, LegState, Outcome
from pbxd.calls.queries import CallFilter
from pbxd.desk.result import CommandResult
from tests.pbx.verbs import Pressing, hears_more

CALLER, SECOND = "01012345678", "01098765432"
# tones: agent 101, colleague 102, the customer, somebody else (supervisor, second customer)
A, B, C, D = 660, 550, 440, 740


@dataclass
class Stage:
    """Agent 101 and a customer; 102 is a colleague, 103 a supervisor."""

    desk: Pressing
    office: Office
    city: City
    phone: TalkPhone
    colleague: DeskPhone
    desk_phone: MakeTalkPhone
    browser_phone: Callable[[], Awaitable[TalkPhone]]
    way: str
    number: str = CALLER
    call: CityCall | None = None
    key: str = ""
    records: int = 1
    before: tuple[Path, ...] = ()  # what others heard at that number

    @property
    def me(self) -> Agent:
        """Agent 101."""
        return self.desk.agents["101"]

    @property
    def at_desk(self) -> bool:
        """The agent uses the desk phone."""
        return self.me.device is DeviceKind.DESK

    @property
    def heard(self) -> Path:
        """What the customer hears."""
        if self.call:
            return self.call.heard
        return next(file for file in self.city.heard_by(self.number) if file not in self.before)

    async def ring(self) -> None:
        """A customer rings at both; or the agent has clicked, and his own phone rings first."""
        if self.way == "incoming":
            self.call = await self.city.call(MAIN_NUMBER, CALLER, audio=C)
            await self.phone.wait_ringing()
            await self.colleague.wait_ringing()
        else:
            self.number = plays(C)
            self.before = tuple(self.city.heard_by(self.number))
            assert (await self.desk.daemon.desk.dial(self.me.id, self.number, "command-out")).ok
            await self.phone.wait_ringing()
        self.key = (await self.desk.call()).key
        await self.rings(self.key)

    async def rings(self, key: str, extension: str = "101") -> None:
        """Until the screens show that this call rings at the agent's phone, or another's."""

        def shown() -> bool:
            call = self.desk.daemon.live.get(key)
            legs = () if call is None else call.legs_of(extension)
            return any(leg.state is LegState.RINGING for leg in legs)

        await until(shown, "it rings on the screen")

    async def talk(self) -> None:
        """Until both hear each other."""
        await self.ring()
        await self.phone.answer()
        await self.together()

    async def together(self) -> None:
        """Agent and customer are joined and hear each other; nobody else rings any more."""
        await self.colleague.wait_idle()
        await self.desk.until_talks("101", self.number)
        if not self.call:
            known = len(self.before)
            await until(lambda: len(self.city.heard_by(self.number)) > known, "it is recorded")
        await hears_more(self.heard, A, 0.3)
        await hears_more(self.phone, C, 0.3)

    async def try_press(self, verb: str, *more: object, **named: object) -> CommandResult:
        """The agent presses a button."""
        return await self.desk.press(
            getattr(self.desk.daemon.desk, verb), "101", *more, key=self.key, **named
        )

    async def press(self, verb: str, *more: object, **named: object) -> None:
        """The agent presses a button, which works."""
        result = await self.try_press(verb, *more, **named)
        assert result.ok, result

    async def colleague_answers(self) -> None:
        """102 lifts the receiver."""
        await self.colleague.wait_ringing()
        await self.colleague.answer()

    async def record(self) -> None:
        """All is over: a record each, the first of a conversation of 101 with that customer."""
        await until(lambda: not self.desk.daemon.live.calls(), "nobody is left", 20)
        history = self.desk.daemon.history
        await until(lambda: history.written == self.records, "the records are on disk")
        async with self.desk.daemon.store.reading() as conn:
            rows = (await queries.log(conn, CallFilter())).rows
        assert len(rows) == self.records
        row = rows[-1]  # the oldest
        wanted = Direction.IN if self.way == "incoming" else Direction.OUT
        assert (row.direction, row.outcome, row.extension) == (wanted, Outcome.ANSWERED, "101")
        assert row.number == "+82" + self.number[1:]


async def hears_music(who: Path, agent: float = A) -> None:
    """`who` waits: he hears something, and it is not the agent."""
    for longer in (0.4, 0.8):  # first what was still on its way to the recording
        voice, loud = hears(who, agent), loud_seconds(who)
        enough = loud + longer
        await until(lambda enough=enough: loud_seconds(who) > enough, "music is heard", 10)
    assert hears(who, agent) < voice + 0.3, "the agent is heard"
