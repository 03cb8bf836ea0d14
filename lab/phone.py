"""Desk phones: baresip, driven by a test or a person through its control socket.

Facts about Debian's baresip 1.0: it obeys neither NOTIFY "Event: talk" nor "Call-Info:
answer-after" nor "Alert-Info: auto-answer". For phones that do, see lab/talkphone.py.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from pathlib import Path

from lab.control import Control, Json
from lab.errors import LabError, LabUnavailable
from lab.ports import OFFICE_ADDRESS, free_port
from lab.sound import write_tone
from lab.waiting import PATIENCE

MODULES = "/usr/lib/baresip/modules"
ATTEMPTS = 10
ITS_FATE = {f"CALL_{word}" for word in ("OUTGOING", "RINGING", "PROGRESS", "ESTABLISHED", "CLOSED")}
TONE_SECONDS = 180  # longer than any call in a test; after that the phone is silent

CONFIG = """\
poll_method epoll
sip_listen {address}:{sip}
net_interface {address}
call_local_timeout 600
call_max_calls 4
audio_path {folder}
audio_source aufile,{says}
snd_path {folder}
audio_alert aufile,{folder}/alert.wav
ring_aufile none
ringback_disabled yes
audio_buffer 20-160
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
ctrl_tcp_listen {address}:{control}
"""
ACCOUNT = (
    "<sip:{extension}@{address}:{registrar}>;auth_user={extension};auth_pass={secret}"
    ";regint=60;audio_codecs=pcma,pcmu;mwi=no\n"
)


class DeskPhone:
    """One desk phone. It says a tone of `hz`; what it hears is recorded in `heard`.

    All waiting methods raise LabError when what they wait for is late.
    """

    def __init__(self, extension: str, secret: str, registrar_port: int, hz: int) -> None:
        self.extension = extension
        self.hz = hz
        self.secret = secret
        self.calls: dict[str, str] = {}  # call id → incoming, established, ...
        self.last_reason = ""
        self.keys = ""  # what the other side pressed
        self.incoming: list[Json] = []
        self._registrar_port = registrar_port
        self._folder = Path(tempfile.mkdtemp(prefix=f"lab-phone-{extension}-"))
        self._process: Process | None = None
        self._control: Control | None = None
        self._waiters: list[asyncio.Event] = []
        self._registered: bool | None = None
        self._dialling = False  # a number was sent off and nothing came back yet

    @property
    def heard(self) -> Path:
        """What this phone heard in its last call; complete once the call has ended."""
        found = sorted(
            self._folder.glob("dump-*-dec.wav"), key=lambda file: file.stat().st_mtime_ns
        )
        if not found:
            raise LabError(f"phone {self.extension} has heard nothing yet")
        return found[-1]

    @property
    def registered(self) -> bool | None:
        """True, False (refused), or None before the office said anything."""
        return self._registered

    async def start(self, register: bool = True) -> None:
        """Switch the phone on; returns when it is registered (or, without, when it listens)."""
        if shutil.which("baresip") is None:
            raise LabUnavailable(
                "The program baresip is missing.", "Install it: apt-get install baresip-core"
            )
        for attempt in range(ATTEMPTS):
            try:
                await self._launch(free_port())
                # it may have registered before we listened: ask once, then the events tell
                state = await self._command("reginfo")
                break
            except LabError:  # somebody was quicker to take one of its ports
                await self.cut_power()
                if attempt == ATTEMPTS - 1:
                    raise
        if self._registered is None and ("OK" in state or "ERR" in state):
            self._registered = "OK" in state
        if register:
            await self.wait_registered()

    async def _launch(self, control: int) -> None:
        self._write_config(control)
        log = os.open(self._folder / "baresip.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._process = await asyncio.create_subprocess_exec(
            "setpriv",
            "--pdeathsig=KILL",
            "baresip",
            "-f",
            str(self._folder),
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        os.close(log)
        self._control = await self._connect(control)

    async def stop(self) -> None:
        """Switch it off in order: calls are ended, the registration is taken back."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await self._process.wait()
        await self.cut_power()

    async def cut_power(self) -> None:
        """Gone from one moment to the next: no BYE, no un-REGISTER."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self._registered = None
        self._dialling = False
        self.calls.clear()

    def clean(self) -> None:
        """Throw its folder away."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def wait_registered(self, seconds: float = 5) -> None:
        """Until the office has accepted its registration; LabError when it refuses."""
        await self._until(lambda: self._registered is not None, "registered", seconds)
        if not self._registered:
            raise LabError(f"phone {self.extension}: registration refused: {self.last_reason}")

    async def wait_ringing(self, seconds: float = 5) -> Json:
        """Until a call rings here; returns what the phone shows (peeruri, peerdisplayname ...)."""
        await self._until(lambda: "incoming" in self.calls.values(), "ringing", seconds)
        return self.incoming[-1]

    async def wait_established(self, seconds: float = 5) -> None:
        """Until a call is up."""
        await self._until(lambda: "established" in self.calls.values(), "in a call", seconds)

    async def wait_idle(self, seconds: float = 10) -> None:
        """Until no call is left."""
        await self._until(lambda: not self.calls and not self._dialling, "idle", seconds)

    async def answer(self) -> None:
        """Lift the receiver; returns when the call is up."""
        await self._command("accept")
        await self.wait_established()

    async def hang_up(self) -> None:
        """Put the receiver down, or refuse the ringing call (486)."""
        await self._command("hangup")
        await self.wait_idle()

    async def refuse(self) -> None:
        """Refuse the ringing call; another call on this phone goes on."""
        await self._command("hangup")

    async def dial(self, number: str) -> None:
        """Dial; returns at once, the call's fate is to be waited for."""
        self._dialling = True
        await self._command("dial", f"sip:{number}@{OFFICE_ADDRESS}:{self._registrar_port}")

    async def hold(self) -> None:
        """Press the hold key."""
        await self._command("hold")

    async def resume(self) -> None:
        """Press the hold key again."""
        await self._command("resume")

    async def dtmf(self, digits: str) -> None:
        """Press keys during a call."""
        for digit in digits:
            await self._command("sndcode", digit)
            await self._command("sndcode", "\x04")  # baresip's word for: key released

    def _write_config(self, control: int) -> None:
        tones = Path(tempfile.gettempdir()) / "lab-tones"
        tones.mkdir(exist_ok=True)
        says = write_tone(tones / f"tone-{self.hz}.wav", self.hz, TONE_SECONDS)
        config = CONFIG.format(
            address=OFFICE_ADDRESS,
            sip=free_port(socket.SOCK_DGRAM),
            control=control,
            folder=self._folder,
            says=says,
            modules=MODULES,
        )
        account = ACCOUNT.format(
            extension=self.extension,
            address=OFFICE_ADDRESS,
            registrar=self._registrar_port,
            secret=self.secret,
        )
        (self._folder / "config").write_text(config, encoding="utf-8")
        (self._folder / "accounts").write_text(account, encoding="utf-8")
        (self._folder / "contacts").touch()

    async def _connect(self, port: int) -> Control:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(5 * PATIENCE):
                while self._process is not None and self._process.returncode is None:
                    try:
                        _, control = await loop.create_connection(
                            lambda: Control(self._take), OFFICE_ADDRESS, port
                        )
                    except OSError:
                        # nothing announces that the socket is open; 5 s is the deadline
                        await asyncio.sleep(0.02)
                    else:
                        return control
        except TimeoutError:
            pass
        said = (self._folder / "baresip.log").read_text(errors="replace")[-500:]
        raise LabError(f"phone {self.extension}: baresip did not start: {said}")

    async def _command(self, command: str, params: str = "") -> str:
        if self._control is None:
            raise LabError(f"phone {self.extension} is switched off")
        return await self._control.command(command, params)

    def _take(self, event: Json) -> None:
        kind, call = event.get("type", ""), event.get("id", "")
        if event.get("direction") == "outgoing" and kind in ITS_FATE:
            self._dialling = False  # from now on `calls` says how it is
        match kind:
            case "REGISTER_OK":
                self._registered = True
            case "REGISTER_FAIL":
                self._registered = False
                self.last_reason = event.get("param", "")
            case "CALL_INCOMING":
                self.calls[call] = "incoming"
                self.incoming.append(event)
            case "CALL_RINGING" | "CALL_PROGRESS" | "CALL_OUTGOING":
                self.calls[call] = kind.removeprefix("CALL_").lower()
            case "CALL_ESTABLISHED":
                self.calls[call] = "established"
            case "CALL_DTMF_START":
                self.keys += event.get("param", "")
            case "CALL_CLOSED":
                self.calls.pop(call, None)
                self.last_reason = event.get("param", "")
        self._tell()

    def _tell(self) -> None:
        for waiter in list(self._waiters):
            waiter.set()

    async def _until(self, true: Callable[[], bool], what: str, seconds: float) -> None:
        waiter = asyncio.Event()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(seconds * PATIENCE):
                while not true():
                    waiter.clear()
                    await waiter.wait()
        except TimeoutError:
            raise LabError(
                f"phone {self.extension} was not {what} after {seconds * PATIENCE} s"
                f" (calls: {list(self.calls.values())}, last: {self.last_reason!r})"
            ) from None
        finally:
            self._waiters.remove(waiter)
