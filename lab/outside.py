"""The telephone network around the office: numbers that can be dialled, people who call in.

What a number does when the office dials it (also in docs/lab.md):

    010-0000-0HHH   rings 0.3 s, answers, plays a tone of HHH Hz
    010-0000-1000   busy (486)
    010-0000-1001   rings and never answers
    010-0000-1002   number does not exist (404)
    010-0000-1003   number incomplete (484)
    010-0000-1004   phone switched off (480)
    010-0000-1005   declines (603 or 403)
    010-0000-1006   network overloaded (503)
    010-0000-1007   answers and echoes what it hears
    010-0000-20SS   answers at once with 440 Hz, hangs up after SS seconds
    010-0000-30SS   rings SS seconds, then answers with 440 Hz
    any other       rings 2 s, answers, a customer speaks and then listens
"""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

from lab.ami import Ami, Message
from lab.asterisk import Instance
from lab.errors import LabError
from lab.office import Secrets
from lab.ports import OFFICE_ADDRESS, Ports
from lab.waiting import PATIENCE
from pbxd.tasks import first_of

KEY_PAUSE_S = 0.12  # a finger needs it, and the receiver too
BUSY = "01000001000"
NEVER_ANSWERS = "01000001001"
NO_SUCH_NUMBER = "01000001002"
INCOMPLETE = "01000001003"
SWITCHED_OFF = "01000001004"
DECLINES = "01000001005"
OVERLOADED = "01000001006"
ECHO = "01000001007"


def plays(hz: int) -> str:
    """The number that answers with a tone of `hz` (100 to 999)."""
    return f"01000000{hz:03d}"


def hangs_up_after(seconds: int) -> str:
    """The number that answers at once and hangs up after `seconds` (1 to 99)."""
    return f"010000020{seconds:02d}"


def answers_after(seconds: int) -> str:
    """The number that rings `seconds` (0 to 99) before it answers."""
    return f"010000030{seconds:02d}"


class CityCall:
    """One person outside who calls the office. All waiting methods raise LabError when late."""

    def __init__(self, ami: Ami, channel_id: str, heard: Path, inside: str) -> None:
        self.id = channel_id
        self.heard = heard
        self.channel = ""
        self.cause: int | None = None
        self.cause_text = ""
        self.keys = ""  # what the office's side pressed
        self._ami = ami
        self._inside = inside
        self._states = {name: asyncio.Event() for name in ("begun", "ringing", "answered", "ended")}
        self._stop_listening: Callable[[], None] = ami.listen(self._take)

    @property
    def state(self) -> str:
        """calling, ringing, answered, busy or ended."""
        if self._states["ended"].is_set():
            return "busy" if self.cause == 17 else "ended"
        for name in ("answered", "ringing"):
            if self._states[name].is_set():
                return name
        return "calling"

    async def wait_ringing(self, seconds: float = 5) -> None:
        """Until the office says that a phone rings (180)."""
        await self._wait("ringing", seconds)

    async def wait_answered(self, seconds: float = 5) -> None:
        """Until somebody in the office answered."""
        await self._wait("answered", seconds)

    async def wait_ended(self, seconds: float = 25) -> int:
        """Until the call is over, whoever ended it; returns the hang-up cause (16 normal)."""
        await self._wait("ended", seconds)
        assert self.cause is not None
        return self.cause

    async def hang_up(self) -> None:
        """Put the receiver down; returns when the network has forgotten the call."""
        if not self._states["ended"].is_set():
            await self._ami.action("Hangup", Channel=self.id, Cause="16")
        await self._wait("ended", 5)

    async def send_dtmf(self, digits: str) -> None:
        """Press keys, one after the other."""
        for digit in digits:
            await self._ami.action("PlayDTMF", Channel=self.channel, Digit=digit, Duration="120")
            await asyncio.sleep(KEY_PAUSE_S)

    def _take(self, event: Message) -> None:
        if event.get("Uniqueid") != self.id:
            return
        match event["Event"]:
            case "Newchannel":
                self.channel = event["Channel"]
                self._states["begun"].set()
            case "Newstate" if event["ChannelStateDesc"] == "Ringing":
                self._states["ringing"].set()
            case "Newstate" if event["ChannelStateDesc"] == "Up":
                self._states["answered"].set()
            case "DTMFEnd" if event["Direction"] == "Received":
                self.keys += event["Digit"]
            case "Hangup":
                self.cause = int(event["Cause"])
                self.cause_text = event["Cause-txt"]
                self._states["ended"].set()
                self._stop_listening()

    async def begin_recording(self) -> None:
        """Record what this person hears from the first sound on, before the answer too."""
        await self._wait("begun", 5)
        try:
            await self._ami.action(
                "MixMonitor",
                Channel=self.channel,
                File="",
                options=f"r({self._inside}/spool/heard/{self.heard.name})",
            )
        except LabError:  # refused so fast that there is nothing left to record?
            await self._wait("ended", 1)

    async def _wait(self, name: str, seconds: float) -> None:
        waited_for = self._states[name]
        ended = self._states["ended"]
        try:
            async with asyncio.timeout(seconds * PATIENCE):
                while not waited_for.is_set():
                    await first_of(waited_for, ended)
                    if ended.is_set() and not waited_for.is_set():
                        raise LabError(f"the call ended ({self.cause_text}) before it was {name}")
        except TimeoutError:
            raise LabError(
                f"the call was {self.state}, not {name}, after {seconds * PATIENCE} s"
            ) from None


class City(Instance):
    """The Asterisk that plays the telephone network, and the people who call from it."""

    def __init__(self, name: str, root: Path, ports: Ports, secrets: Secrets) -> None:
        super().__init__(
            name,
            root,
            role="outside",
            settings={"ports": ports, "secrets": secrets},
            ami=(OFFICE_ADDRESS, ports.city_ami, "lab", secrets.lab),
        )
        self._link: Ami | None = None
        self._numbers = itertools.count(1)

    async def start(self) -> None:
        """Start it and keep a link of our own to it."""
        await super().start()
        self._link = await self.ami()

    async def stop(self) -> None:
        """End all calls and the network."""
        self._drop_link()
        await super().stop()

    async def kill(self) -> None:
        """The network is gone from one moment to the next."""
        self._drop_link()
        await super().kill()

    async def call(
        self,
        to: str,
        number: str | None,
        name: str | None = None,
        audio: int | str | None = None,
        seconds: float = 60,
    ) -> CityCall:
        """Call the office's number `to` from `number` (None: withheld).

        `audio` is what the caller says once answered: a tone in Hz, the name of a prompt such as
        "pbxd/customer-asks", or None for silence; afterwards he listens. `seconds` is how long
        he lets it ring.
        """
        if self._link is None:
            raise LabError("the outside is not running")
        channel_id = f"{self.name}-{next(self._numbers)}"
        call = CityCall(
            self._link, channel_id, self.folder / "spool/heard" / f"{channel_id}.wav", self.inside
        )
        match audio:
            case None:
                exten, variables = "silence", []
            case int():
                exten, variables = "tone", [f"CITY_HZ={audio}"]
            case _:
                exten, variables = "speech", [f"CITY_SPEECH={audio}"]
        # no CallerID at all: the INVITE then comes From anonymous@anonymous.invalid (RFC 3325)
        caller = None if number is None else _caller_id(number, name)
        await self._link.action(
            "Originate",
            Channel=f"PJSIP/{to}@office",
            ChannelId=channel_id,
            Context="city-person",
            Exten=exten,
            Priority="1",
            CallerID=caller,
            Timeout=str(int(seconds * 1000)),
            Async="true",
            variables=tuple(variables),
        )
        await call.begin_recording()
        return call

    def heard_by(self, number: str) -> list[Path]:
        """Recordings of what was heard at `number` when the office called it, oldest first."""
        found = (self.folder / "spool/heard").glob(f"to-{number}-from-*.wav")
        return sorted(found, key=lambda file: file.stat().st_mtime_ns)

    def shown_at(self, number: str) -> list[str]:
        """The numbers that `number` saw calling, oldest first (calls that it answered)."""
        return [file.name.split("-")[3] for file in self.heard_by(number)]

    def _drop_link(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


def _caller_id(number: str, name: str | None) -> str:
    return f'"{(name or "").replace(chr(34), "")}" <{number}>'
