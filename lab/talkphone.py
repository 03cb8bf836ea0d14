"""A desk phone that obeys the PBX, as Yealink, Polycom, Snom and Grandstream phones do.

It answers when told so by NOTIFY "Event: talk" (within the call or outside it), and at once when
the INVITE says "Call-Info: ...;answer-after=0" or "Alert-Info: ...;info=alert-autoanswer".
baresip does none of this, so this is a small SIP phone of our own: real SIP and RTP on the wire.
"""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lab.errors import LabError
from lab.ports import OFFICE_ADDRESS
from lab.rtp import Audio
from lab.sip import MAGIC, Sip, authorization, build, parse, respond, sdp, sdp_target

EXPIRES = 3600


@dataclass(slots=True)
class _Call:
    invite: Sip
    address: tuple[str, int]
    tag: str
    audio: Audio
    up: bool = False
    last: bytes = b""  # the last response, sent again when the INVITE comes again


class TalkPhone(asyncio.DatagramProtocol):
    """One phone with one line. Waiting methods raise LabError when late."""

    def __init__(self, extension: str, secret: str, registrar_port: int, hz: int) -> None:
        self.extension = extension
        self.registered: bool | None = None
        self.notified: list[str] = []  # events of all NOTIFYs: "talk", ...
        self.answered_by = ""  # "talk", "header" or "hand"
        self._secret, self._hz = secret, hz
        self._registrar = (OFFICE_ADDRESS, registrar_port)
        self._folder = Path(tempfile.mkdtemp(prefix=f"lab-phone-{extension}-"))
        self._call: _Call | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._changed = asyncio.Event()
        self._register_id, self._sequence = secrets.token_hex(8), 0
        self._expires, self._challenged = EXPIRES, False

    @property
    def state(self) -> str:
        """idle, ringing or established."""
        if self._call is None:
            return "idle"
        return "established" if self._call.up else "ringing"

    @property
    def heard(self) -> Path:
        """What this phone heard in its last call, so far."""
        if self._call is not None:
            self._call.audio.write()
        return self._folder / "heard.wav"

    async def start(self) -> None:
        """Switch it on; returns when it is registered."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(OFFICE_ADDRESS, 0))
        self._register(EXPIRES)
        await self._until(lambda: self.registered is not None, "registered", 5)
        if not self.registered:
            raise LabError(f"phone {self.extension}: registration refused")

    async def stop(self) -> None:
        """Hang up, take the registration back, switch off."""
        if self.registered:
            await self.hang_up()
            self.registered = None
            self._register(0)
            await self._until(lambda: self.registered is not None, "unregistered", 5)
        if self._transport is not None:
            self._transport.close()

    def clean(self) -> None:
        """Throw its folder away."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def wait_ringing(self, seconds: float = 5) -> str:
        """Until a call rings here; returns the From header that the phone shows."""
        await self._until(lambda: self.state == "ringing", "ringing", seconds)
        assert self._call is not None
        return self._call.invite.get("from")

    async def wait_established(self, seconds: float = 5) -> None:
        """Until a call is up."""
        await self._until(lambda: self.state == "established", "in a call", seconds)

    async def wait_idle(self, seconds: float = 10) -> None:
        """Until no call is left."""
        await self._until(lambda: self.state == "idle", "idle", seconds)

    async def answer(self) -> None:
        """Lift the receiver by hand."""
        self._answer("hand")

    async def hang_up(self) -> None:
        """Put the receiver down, or refuse the ringing call (486)."""
        call = self._call
        if call is None:
            return
        if not call.up:
            self._respond(call.invite, 486, call.address)
            self._end()
            return
        target = call.invite.address("contact")
        self._send(
            f"BYE {target} SIP/2.0",
            [
                ("From", f"{call.invite.get('to')};tag={call.tag}"),
                ("To", call.invite.get("from")),
                ("Call-ID", call.invite.get("call-id")),
                ("CSeq", "1 BYE"),
            ],
            call.address,
        )
        await self._until(lambda: self._call is None, "free", 5)

    # --- what comes in ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = parse(data)
        if message is None:
            return
        if message.status:
            self._take_response(message)
        else:
            self._take_request(message, addr)
        self._changed.set()

    def _take_response(self, response: Sip) -> None:
        number, _, method = response.get("cseq").partition(" ")
        if method == "BYE" and response.status >= 200:
            self._end()
        if method != "REGISTER" or int(number) != self._sequence:
            return
        if response.status == 401 and not self._challenged:
            self._challenged = True
            self._register(self._expires, response)
        elif response.status >= 200:
            self.registered = response.status == 200
            self._challenged = False

    def _take_request(self, request: Sip, addr: tuple[str, int]) -> None:
        call = self._call
        mine = call is not None and request.get("call-id") == call.invite.get("call-id")
        match request.method:
            case "ACK":
                return
            case "INVITE" if call is None:
                self._ring(request, addr)
            case "INVITE" if not mine:
                self._respond(request, 486, addr)
            case "INVITE" if call is not None and request.get("cseq") == call.invite.get("cseq"):
                self._sendto(call.last, addr)
            case "INVITE" | "UPDATE" if call is not None:
                body = sdp(OFFICE_ADDRESS, call.audio.port) if request.body else ""
                self._respond(request, 200, addr, body)
            case "CANCEL" if mine and call is not None and not call.up:
                self._respond(request, 200, addr)
                self._respond(call.invite, 487, call.address)
                self._end()
            case "BYE" if mine:
                self._respond(request, 200, addr)
                self._end()
            case "NOTIFY":
                self._respond(request, 200, addr)
                self.notified.append(request.get("event"))
                if request.get("event") == "talk":
                    self._answer("talk")
            case "OPTIONS" | "INFO" | "MESSAGE":
                self._respond(request, 200, addr)
            case "BYE" | "CANCEL":
                self._respond(request, 481, addr)
            case _:
                self._respond(request, 501, addr)

    # --- what it does ---

    def _ring(self, invite: Sip, addr: tuple[str, int]) -> None:
        audio = Audio(self._hz, self._folder / "heard.wav", OFFICE_ADDRESS)
        self._call = _Call(invite, addr, secrets.token_hex(4), audio)
        self.answered_by = ""
        self._respond(invite, 180, addr)
        hints = f"{invite.get('call-info')} {invite.get('alert-info')}".lower()
        if "answer-after=0" in hints or "alert-autoanswer" in hints:
            self._answer("header")

    def _answer(self, why: str) -> None:
        call = self._call
        if call is None or call.up:
            return
        target = sdp_target(call.invite.body)
        if target is None:
            raise LabError(f"phone {self.extension}: the INVITE offers no audio")
        call.up, self.answered_by = True, why
        self._respond(call.invite, 200, call.address, sdp(OFFICE_ADDRESS, call.audio.port))
        call.audio.start(target)
        self._changed.set()

    def _end(self) -> None:
        if self._call is not None:
            self._call.audio.stop()
            self._call = None

    def _register(self, expires: int, challenge: Sip | None = None) -> None:
        self._expires = expires
        self._sequence += 1
        uri = f"sip:{OFFICE_ADDRESS}:{self._registrar[1]}"
        address = f"<sip:{self.extension}@{OFFICE_ADDRESS}:{self._registrar[1]}>"
        headers = [
            ("From", f"{address};tag={self._register_id}"),
            ("To", address),
            ("Call-ID", f"{self._register_id}@{OFFICE_ADDRESS}"),
            ("CSeq", f"{self._sequence} REGISTER"),
            ("Contact", self._contact()),
            ("Expires", str(expires)),
        ]
        if challenge is not None:
            answer = authorization(challenge, self.extension, self._secret, "REGISTER", uri)
            headers.append(("Authorization", answer))
        self._send(f"REGISTER {uri} SIP/2.0", headers, self._registrar)

    def _contact(self) -> str:
        return f"<sip:{self.extension}@{OFFICE_ADDRESS}:{self._port()}>"

    def _port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def _send(self, first: str, headers: list[tuple[str, str]], addr: tuple[str, int]) -> None:
        branch = f"{MAGIC}{secrets.token_hex(8)}"
        via = ("Via", f"SIP/2.0/UDP {OFFICE_ADDRESS}:{self._port()};rport;branch={branch}")
        self._sendto(build(first, [via, ("Max-Forwards", "70"), *headers]), addr)

    def _respond(self, request: Sip, status: int, addr: tuple[str, int], body: str = "") -> None:
        call = self._call
        tag = call.tag if call is not None else secrets.token_hex(4)
        response = respond(request, status, tag, self._contact(), body)
        if call is not None and request is call.invite:
            call.last = response
        self._sendto(response, addr)

    def _sendto(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(data, addr)

    async def _until(self, true: Callable[[], bool], what: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise LabError(
                f"phone {self.extension} was {self.state}, not {what}, after {seconds} s"
            ) from None
