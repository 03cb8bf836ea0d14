"""A desk phone that obeys the PBX, as Yealink, Polycom, Snom and Grandstream phones do.

It answers when told so by NOTIFY "Event: talk" (within the call or outside it), and at once when
the INVITE says "Call-Info: ...;answer-after=0" or "Alert-Info: ...;info=alert-autoanswer". NOTIFY
"Event: hold" puts the other side on hold, "talk" takes it back. It has two lines: a second call
rings while one talks, and whoever answers it (or makes one) puts the first on hold. baresip does
not obey, so this is a small SIP phone of our own: real SIP and RTP on the wire.
"""

import itertools
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import cast

from lab.dialog import PhoneCall
from lab.errors import LabError
from lab.ports import OFFICE_ADDRESS
from lab.rtp import Audio
from lab.sip import MAGIC, Sip, authorization, respond
from lab.user_agent import UserAgent

LINES = 2


class TalkPhone(UserAgent):
    """One phone with two lines. Waiting methods raise LabError when late."""

    def __init__(self, extension: str, secret: str, registrar_port: int, hz: int) -> None:
        super().__init__(extension, secret, registrar_port)
        self.notified: list[str] = []  # events of all NOTIFYs: "talk", ...
        self.answered_by = ""  # "talk", "header" or "hand"
        self.keys = ""  # what the other sides pressed
        self.last_reason = ""  # why the last call of this phone's own came to nothing: "486 ..."
        self.lines = LINES  # 1: while it talks everybody else hears busy
        self._hz = hz
        self._folder = Path(tempfile.mkdtemp(prefix=f"lab-phone-{extension}-"))
        self._calls: dict[str, PhoneCall] = {}  # by Call-ID, oldest first
        self._numbers = itertools.count(1)
        self._last_heard = self._folder / "heard.wav"

    @property
    def state(self) -> str:
        """idle, ringing (one of the lines), calling (somebody else's rings) or established."""
        calls = self._calls.values()
        if any(call.ringing for call in calls):
            return "ringing"
        if any(not call.up for call in calls):
            return "calling"
        return "established" if calls else "idle"

    @property
    def held(self) -> list[bool]:
        """For each line that talks, oldest first: does this phone hold it?"""
        return [call.held for call in self._calls.values() if call.up]

    @property
    def heard(self) -> Path:
        """What this phone heard in the call that it talks in (or its last one), so far."""
        calls = sorted(self._calls.values(), key=lambda call: (not call.up, call.held))
        for call in calls:
            call.audio.write()
            return call.audio.file
        return self._last_heard

    async def stop(self) -> None:
        """Hang up, take the registration back, switch off."""
        if self._powered:
            await self.hang_up()
        await super().stop()

    def cut_power(self) -> None:
        """Gone from one moment to the next, without a word; only `stop` and `clean` follow.

        Its ports stay taken: nobody refuses what is sent there, as with a plug that was pulled.
        """
        for call in tuple(self._calls.values()):
            self._end(call)
        self._powered = False

    def clean(self) -> None:
        """Throw its folder away."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def wait_ringing(self, seconds: float = 5) -> str:
        """Until a call rings here; returns the From header that the phone shows."""
        await self._until(lambda: self.state == "ringing", "ringing", seconds)
        return next(call for call in self._calls.values() if call.ringing).theirs

    async def wait_established(self, seconds: float = 5) -> None:
        """Until every call on it is up."""
        await self._until(lambda: self.state == "established", "in a call", seconds)

    async def wait_idle(self, seconds: float = 10) -> None:
        """Until no call is left."""
        await self._until(lambda: self.state == "idle", "idle", seconds)

    async def dial(self, number: str) -> None:
        """Dial; returns at once, the call's fate is to be waited for. Who talked is held."""
        self._hold_others()
        office = f"{OFFICE_ADDRESS}:{self._registrar[1]}"
        me, to = f"sip:{self.extension}@{office}", f"sip:{number}@{office}"
        call = PhoneCall.outgoing(me, to, self._registrar, self._audio())
        self._calls[call.id] = call
        self.last_reason = ""
        self._invite(call)

    async def answer(self) -> None:
        """Lift the receiver by hand; who talked is put on hold."""
        self._answer("hand")

    async def hold(self, line: int | None = None) -> None:
        """The hold key: of a line (0 is the oldest call's), else of the one that talks."""
        self._hold(self._line(line, held=False), True)

    async def resume(self, line: int | None = None) -> None:
        """The hold key again; who talked on the other line is put on hold."""
        call = self._line(line, held=True)
        self._hold_others()
        self._hold(call, False)

    async def dtmf(self, keys: str) -> None:
        """Press keys in the call that talks."""
        self._line(None, held=False).audio.press(keys)

    async def hang_up(self, line: int | None = None) -> None:
        """Put the receiver down: end a line, or all of them, and refuse what rings (486)."""
        calls = list(self._calls.values())
        for call in calls if line is None else calls[line : line + 1]:
            await self._leave(call)

    async def _leave(self, call: PhoneCall) -> None:
        if call.up:
            self._request(call, "BYE")
        elif call.invite is not None:
            self._respond(call.invite, 486, call.address)
            self._end(call)
        else:  # not before the other side has said something (section 9.1); the 487 ends it
            await self._until(lambda: call.trying or call.up, "calling", 5)
            self._request(call, "CANCEL", number=call.sequence, branch=call.branch)
        await self._until(lambda: call.id not in self._calls, "free", 5)

    # --- what comes in ---

    def _take_response(self, response: Sip) -> None:
        number, _, method = response.get("cseq").partition(" ")
        call = self._calls.get(response.get("call-id"))
        if call is None:
            return
        call.trying = call.trying or response.status < 200
        if response.status < 200:
            return
        if method == "BYE":
            self._end(call)
        elif method == "INVITE" and response.status < 300:
            call.challenged = False
            if not call.up:
                call.up = True
                call.begun(response)
            self._request(call, "ACK", number=int(number))
            call.talk_to(response.body)
        elif method == "INVITE":
            # told to the same transaction, section 17.1.1.3
            theirs, call.theirs = call.theirs, response.get("to")
            self._request(call, "ACK", number=int(number), branch=call.branch)
            call.theirs = theirs
            self._take_refusal(call, response)

    def _take_refusal(self, call: PhoneCall, response: Sip) -> None:
        """An INVITE of ours was not taken: asked for the password, refused, hold refused."""
        if response.status == 401 and not call.challenged:
            call.challenged = True
            self._invite(call, response)
        elif call.up:
            call.hold(not call.held)
        else:
            self.last_reason = f"{response.status} {response.reason}"
            self._end(call)

    def _take_request(self, request: Sip, addr: tuple[str, int]) -> None:
        call = self._calls.get(request.get("call-id"))
        again = call is not None and call.invite is not None and call.invite.same_as(request)
        match request.method:
            case "ACK":
                return
            case "INVITE" if call is None and len(self._calls) < self.lines:
                self._ring(request, addr)
            case "INVITE" if call is None:
                self._respond(request, 486, addr)
            case "INVITE" if call is not None and again:
                self._sendto(call.last, addr)
            case "INVITE" | "UPDATE" if call is not None:
                if call.up:
                    call.talk_to(request.body)
                offers = request.method == "INVITE" or request.body
                self._respond(request, 200, addr, call.sdp() if offers else "")
            case "CANCEL" if call is not None and call.ringing:
                self._respond(request, 200, addr)
                self._respond(cast("Sip", call.invite), 487, call.address)
                self._end(call)
            case "BYE" if call is not None:
                self._respond(request, 200, addr)
                self._end(call)
            case "NOTIFY":
                self._respond(request, 200, addr)
                self.notified.append(request.get("event"))
                self._obey(request.get("event"), call)
            case "OPTIONS" | "INFO" | "MESSAGE":
                self._respond(request, 200, addr)
            case "BYE" | "CANCEL":
                self._respond(request, 481, addr)
            case _:
                self._respond(request, 501, addr)

    # --- what it does ---

    def _obey(self, event: str, call: PhoneCall | None) -> None:
        """What the PBX asks for; outside a call it means the one that can do it."""
        calls = [call] if call is not None else list(self._calls.values())
        if event == "talk":
            ringing = next((one for one in calls if one.ringing), None)
            held = next((one for one in calls if one.held), None)
            if ringing is not None:
                self._answer("talk", ringing)
            elif held is not None:
                self._hold_others()
                self._hold(held, False)
        elif event == "hold":
            talking = next((one for one in calls if one.up and not one.held), None)
            if talking is not None:
                self._hold(talking, True)

    def _line(self, line: int | None, *, held: bool) -> PhoneCall:
        """A line by its number, else the first that talks (or is held)."""
        calls = [call for call in self._calls.values() if call.up]
        fit = [call for call in calls if call.held is held] if line is None else calls[line:]
        if not fit:
            raise LabError(f"phone {self.extension}: no line of that kind")
        return fit[0]

    def _hold_others(self) -> None:
        for call in self._calls.values():
            if call.up and not call.held:
                self._hold(call, True)

    def _hold(self, call: PhoneCall, on: bool) -> None:
        if call.held is not on:
            call.hold(on)
            self._invite(call)
            self._changed.set()

    def _ring(self, invite: Sip, addr: tuple[str, int]) -> None:
        call = PhoneCall.incoming(invite, addr, self._audio())
        self._calls[call.id] = call
        self.answered_by = ""
        self._respond(invite, 180, addr)
        hints = f"{invite.get('call-info')} {invite.get('alert-info')}".lower()
        if "answer-after=0" in hints or "alert-autoanswer" in hints:
            self._answer("header", call)

    def _answer(self, why: str, call: PhoneCall | None = None) -> None:
        ringing = (one for one in self._calls.values() if one.ringing)
        call = call if call is not None else next(ringing, None)
        if call is None or call.invite is None:
            return
        self._hold_others()
        if not call.talk_to(call.invite.body):
            raise LabError(f"phone {self.extension}: the INVITE offers no audio")
        call.up, self.answered_by = True, why
        self._respond(call.invite, 200, call.address, call.sdp())
        self._changed.set()

    def _audio(self) -> Audio:
        heard = self._folder / f"heard-{next(self._numbers)}.wav"
        return Audio(self._hz, heard, OFFICE_ADDRESS, self._press)

    def _press(self, key: str) -> None:
        self.keys += key
        self._changed.set()

    def _end(self, call: PhoneCall) -> None:
        call.audio.stop()
        self._last_heard = call.audio.file
        self._calls.pop(call.id, None)

    # --- what goes out ---

    def _invite(self, call: PhoneCall, challenge: Sip | None = None) -> None:
        """Call, or tell the other side of a hold."""
        call.branch = f"{MAGIC}{secrets.token_hex(8)}"
        extra = []
        if challenge is not None:
            key = (self.extension, self._secret)
            extra.append(("Authorization", authorization(challenge, *key, "INVITE", call.target)))
        self._request(call, "INVITE", extra, call.sdp(), branch=call.branch)

    def _request(
        self,
        call: PhoneCall,
        method: str,
        extra: list[tuple[str, str]] | None = None,
        body: str = "",
        *,
        number: int = 0,
        branch: str = "",
    ) -> None:
        """A request in the call; `number` is that of the INVITE that an ACK or CANCEL means."""
        if not number:
            call.sequence += 1
        headers = call.headers(method, number or call.sequence, self._contact())
        first = f"{method} {call.target} SIP/2.0"
        self._send(first, headers + (extra or []), call.address, body, branch)

    def _respond(self, request: Sip, status: int, addr: tuple[str, int], body: str = "") -> None:
        call = self._calls.get(request.get("call-id"))
        tag = call.tag if call is not None else secrets.token_hex(4)
        response = respond(request, status, tag, self._contact(), body)
        if call is not None and request is call.invite:
            call.last = response
        self._sendto(response, addr)
